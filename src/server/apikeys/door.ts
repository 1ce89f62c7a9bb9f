import type { RequestEvent } from '@sveltejs/kit';
import { exposesKey } from '../../../http/exposed.ts';
import { refusals } from '../../../http/refusals.ts';
import { identify, type Program } from '../auth/actor.ts';
import { OutsideError, type ApiKey } from '../auth/key.ts';
import { calledBy } from '../called.ts';
import { AppError, reasonOf } from '../errors.ts';
import { tellProgram } from '../refusals.ts';
import { countKeyCall, minuteHeaders, wasCounted } from './budget.ts';
import { noteKeyCall, UNKNOWN, wasNoted } from './metering.ts';

/**
 * An address stands in logs and histories on its way: a key in it is a secret no more. For development, where nothing
 * stands before the app.
 * @throws {AppError} `invalid`
 */
export function refuseExposedKey({ pathname, search }: URL): void {
	if (exposesKey(pathname + search)) throw new AppError('invalid', refusals.exposedKey.message);
}

/** Where programs are answered: procedures, and what an organisation sends and takes beside them. */
const FOR_KEYS = /^\/(trpc|api|\(app\)\/orgs\/\[org\])\//;

/**
 * Keeps keys to where programs are answered; `isDoor` is false for a page.
 * @throws {AppError} `forbidden`; `not_found` where there is nothing
 */
export function refuseKeyAt({ locals, route }: RequestEvent, isDoor: boolean): void {
	if (locals.actor.kind !== 'apiKey' || (isDoor && route.id && FOR_KEYS.test(route.id))) return;
	if (route.id === null) throw new AppError('not_found', 'There is no such address. See /api/docs.');
	throw new AppError('forbidden', 'An API key opens no pages. Call the procedures with it.');
}

/** What is called at the doors beside the procedures. */
const CALLED: Partial<Record<string, string>> = {
	'/(app)/orgs/[org]/audit.csv': 'audit.export',
	'/(app)/orgs/[org]/customers.csv': 'customers.export',
	'/(app)/orgs/[org]/customers/import': 'customers.import',
	'/(app)/orgs/[org]/assistant/summarize': 'assistant.summarize'
};

/** What a request calls, where that is one thing that there is. */
function nameOf(event: RequestEvent): string {
	const called = CALLED[event.route.id ?? ''] ?? calledBy(event) ?? '';
	return /^[\w.]+$/.test(called) ? called : UNKNOWN;
}

/** Hands an answer on, and notes its outcome once all of it is sent: a door may fail in the middle of it. */
function noteAtEnd(answer: Response, note: (outcome: string) => void): Response {
	// TypeScript does not know of `cancel`, which hears of failures and of readers that are gone.
	const watcher = { flush: () => note('ok'), cancel: () => note('error') };
	return new Response(answer.body!.pipeThrough(new TransformStream(watcher)), answer);
}

/** Notes a call that no procedure has noted. */
function noteOutcome(event: RequestEvent, actor: Program, answer: Response): Response {
	const { locals, route } = event;
	if (wasNoted(actor.key)) return answer;
	const name = nameOf(event);
	if (answer.ok && answer.body && CALLED[route.id ?? '']) {
		return noteAtEnd(answer, (ended) => noteKeyCall(actor, name, locals.reason ?? ended));
	}
	noteKeyCall(actor, name, answer.status < 400 ? 'ok' : (locals.reason ?? reasonOf(answer.status) ?? 'error'));
	return answer;
}

/** Counts a call that nothing has counted: an address, a procedure or a method that there is not costs one, too. */
async function countOnce(event: RequestEvent, { key }: Program, answer: Response): Promise<Response> {
	if (wasCounted(key)) return answer;
	try {
		await countKeyCall(key);
		return answer;
	} catch (refused) {
		return tellProgram(event, refused);
	}
}

type Resolve = (event: RequestEvent) => Response | Promise<Response>;

async function answered(event: RequestEvent, resolve: Resolve): Promise<Response> {
	try {
		return await resolve(event);
	} catch (thrown) {
		return tellProgram(event, thrown);
	}
}

async function tell(answer: Response, key?: ApiKey): Promise<Response> {
	if (answer.status === 401) answer.headers.set('WWW-Authenticate', 'Bearer');
	const left = key ? await minuteHeaders(key) : {};
	for (const [name, value] of Object.entries(left)) answer.headers.set(name, value);
	return answer;
}

/**
 * Answers a program. Each call of its key is counted and noted once, by its procedure or else here, and each answer
 * tells what its minute has left, refusals included: what is thrown becomes an answer in JSON.
 */
export async function serveProgram(event: RequestEvent, resolve: Resolve): Promise<Response> {
	const { locals } = event;
	try {
		locals.actor = await identify(event);
	} catch (refused) {
		return tell(tellProgram(event, refused), refused instanceof OutsideError ? refused.key : undefined);
	}
	const { actor } = locals;
	const answer = await answered(event, resolve);
	if (actor.kind !== 'apiKey') return answer;
	return tell(noteOutcome(event, actor, await countOnce(event, actor, answer)), actor.key);
}
