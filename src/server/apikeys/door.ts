import type { RequestEvent } from '@sveltejs/kit';
import type { Actor } from '../auth/actor.ts';
import { AppError } from '../errors.ts';
import { noteKeyCall } from './metering.ts';
import { minuteHeaders } from './budget.ts';
import { exposesKey } from './secret.ts';

/**
 * An address stands in logs and histories on its way: a key in it is a secret no more.
 * @throws {AppError} `invalid`
 */
export function refuseExposedKey(url: URL): void {
	if (!exposesKey(url)) return;
	const message =
		'An API key was sent in the address, where logs keep it. Revoke it, and send its successor as “Authorization: Bearer”.';
	throw new AppError('invalid', message);
}

/** Where programs are answered: procedures, and what an organisation sends and takes beside them. */
const FOR_KEYS = /^\/(trpc|api|\(app\)\/orgs\/\[org\])\//;

/**
 * Keeps keys to where programs are answered; `isDoor` is false for a page.
 * @throws {AppError} `forbidden`
 */
export function refuseKeyAt(routeId: string | null, isDoor: boolean, actor: Actor): void {
	if (actor.kind !== 'apiKey' || routeId === null || (isDoor && FOR_KEYS.test(routeId))) return;
	throw new AppError('forbidden', 'An API key opens no pages. Call the procedures with it.');
}

/** What is called at the doors beside the procedures. */
const CALLED: Partial<Record<string, string>> = {
	'/(app)/orgs/[org]/audit.csv': 'audit.export',
	'/(app)/orgs/[org]/customers.csv': 'customers.export',
	'/(app)/orgs/[org]/customers/import': 'customers.import',
	'/(app)/orgs/[org]/assistant/summarize': 'assistant.summarize'
};

/** Counts a key's call at such a door, as procedures count theirs; and tells it what its minute has left. */
export async function conclude({ locals, route }: RequestEvent, response: Response): Promise<Response> {
	const { actor, reason = 'error' } = locals;
	if (actor.kind !== 'apiKey') return response;
	const procedure = CALLED[route.id ?? ''];
	if (procedure) noteKeyCall(actor, procedure, response.ok ? 'ok' : reason);
	for (const [name, value] of Object.entries(await minuteHeaders(actor.key))) response.headers.set(name, value);
	return response;
}
