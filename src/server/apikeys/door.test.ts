import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { describe, expect, test } from 'vitest';
import { LIMITS, makeKey, makeOrg, newAddress, newBrowser } from '../../../tests/fixtures.ts';
import { identify } from '../auth/actor.ts';
import { AppError } from '../errors.ts';
import { answerRefusal } from '../refusals.ts';
import { flushMeters } from '../usage/meter.ts';
import { refuseKeyAt, serveProgram } from './door.ts';
import { newKey } from './secret.ts';

const CSV = '/(app)/orgs/[org]/customers.csv';
const TRPC = '/trpc/[...path]';
const REST = '/api/v1/[...path]';

type Question = { path?: string; routeId?: string | null; method?: string; ip?: string; cookies?: object };

/** A request with a key, as the hooks hand it on. */
function ask(key: string, { path = '/', routeId = null, method = 'GET', ip = '192.0.2.1', cookies }: Question) {
	const url = new URL(path, 'http://localhost');
	const request = new Request(url, { method, headers: { authorization: `Bearer ${key}` } });
	return {
		...{ request, url, params: { path: path.replace(/^\/(trpc|api\/v1)\//, '') }, route: { id: routeId } },
		...{ cookies: cookies ?? newBrowser().cookies, locals: { requestId: 'test' }, getClientAddress: () => ip }
	} as unknown as RequestEvent;
}

/** Lets a key in, or not, as the hooks do. */
const enter = (event: RequestEvent, isDoor: boolean, answer = () => new Response('{}')) => {
	try {
		refuseKeyAt(event, isDoor);
	} catch (refused) {
		return answerRefusal(event, refused);
	}
	return answer();
};

async function start(bounds: object = {}) {
	const { slug: org, members } = await makeOrg('org_admin');
	const [admin] = members;
	const key = await makeKey(admin, org, bounds);
	const used = async () => {
		await flushMeters();
		return (await admin.api.apiKeys.usage({ org, id: key.id })).procedures;
	};
	const outcomes = async () => {
		await flushMeters();
		return (await admin.api.apiKeys.calls({ org, id: key.id })).map(({ outcome }) => outcome).sort();
	};
	return { org, key, used, outcomes };
}

const serve = async (
	key: string,
	question: Question,
	resolve: (event: RequestEvent) => Response | Promise<Response>
) => {
	const answer = await serveProgram(ask(key, question), resolve);
	const body = await answer.text();
	return { status: answer.status, headers: answer.headers, body, told: body && (JSON.parse(body) as unknown) };
};

/** What there is to refuse a key, each with what it answers. */
const REFUSED: [string, Question, (event: RequestEvent) => Response | Promise<Response>, number, object | null][] = [
	['an unknown address', { path: '/no/such' }, (event) => enter(event, false), 404, { reason: 'not_found' }],
	[
		'an address of the API that cannot be read',
		{ path: '/api/v1/orgs/%ff' },
		(event) => enter(event, false),
		404,
		{ error: { reason: 'not_found' } }
	],
	['a page', { path: '/', routeId: '/' }, (event) => enter(event, false), 403, { reason: 'forbidden' }],
	['what another hook does not have', { routeId: '/dev' }, () => error(404, 'Not found'), 404, { reason: 'not_found' }],
	[
		'a method that there is not',
		{ routeId: CSV, method: 'PUT' },
		() => Promise.reject(new AppError('method_not_allowed', 'This address takes GET alone.')),
		405,
		{ reason: 'method_not_allowed' }
	],
	[
		'a procedure that there is not',
		{ path: '/trpc/no.such', routeId: TRPC },
		() => new Response('{}', { status: 404 }),
		404,
		{}
	],
	['what has moved', { routeId: CSV }, () => redirect(307, '/orgs/acme/customers.csv'), 307, null]
];

describe('a key', () => {
	test.for(REFUSED)(
		'that asks for %s is answered without a page, with its minute',
		async ([, question, resolve, status, told]) => {
			const { key } = await start({ ratePerMinute: 7 });
			const answer = await serve(key.key, question, resolve);
			expect(answer.status).toBe(status);
			if (told) expect(answer.told).toMatchObject(told);
			expect(answer.headers.get('x-ratelimit-limit')).toBe('7');
			expect(answer.headers.get('x-ratelimit-remaining')).toBe('6');
		}
	);

	test('is counted and noted once whatever it asks for, and refused beyond its minute', async () => {
		const { key, used } = await start({ ratePerMinute: 3 });
		const unknown = () => serve(key.key, { path: '/no/such' }, (event) => enter(event, false));
		const answers = await Promise.all([unknown(), unknown(), unknown(), unknown(), unknown()]);
		expect(answers.map(({ status }) => status).sort()).toEqual([404, 404, 404, 429, 429]);
		const [beyond] = answers.filter(({ status }) => status === 429);
		expect(Number(beyond!.headers.get('retry-after'))).toBeGreaterThan(0);
		expect(beyond!.headers.get('x-ratelimit-remaining')).toBe('0');
		expect(await used()).toEqual([{ procedure: 'unknown', calls: 0, refused: 5 }]);
	});

	test('whose body cannot be read has called the procedure all the same', async () => {
		const { org, key, used } = await start();
		const path = `/api/v1/orgs/${org}/customers`;
		const unread = () => new Response('{}', { status: 415 });
		await serve(key.key, { path, routeId: REST, method: 'POST' }, unread);
		expect(await used()).toEqual([{ procedure: 'customers.create', calls: 0, refused: 1 }]);
	});

	test('from where it may not be used is told its minute, which stays as it is', async () => {
		const { key } = await start({ ratePerMinute: 7, allowedIps: ['192.0.2.0/24'] });
		const { status, headers, told } = await serve(key.key, { ip: '198.51.100.7' }, () => new Response());
		expect([status, told]).toMatchObject([403, { reason: 'forbidden' }]);
		expect(headers.get('x-ratelimit-remaining')).toBe('7');
	});

	test('that nobody knows is asked for by name', async () => {
		const question = { path: '/trpc/auth.me', routeId: TRPC };
		const { status, headers } = await serve(newKey().key, question, () => new Response());
		expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
	});

	test('is noted by what became of an answer that is sent while it is made', async () => {
		const { key, outcomes } = await start();
		const half = new ReadableStream({
			start: (stream) => stream.enqueue(Buffer.from('name\r\n')),
			pull: (stream) => stream.error(new Error('The database went away.'))
		});
		const answer = await serveProgram(ask(key.key, { routeId: CSV }), () => new Response(half));
		expect(await outcomes()).toEqual([]);
		await expect(answer.text()).rejects.toThrow('went away');
		const whole = await serveProgram(ask(key.key, { routeId: CSV }), () => new Response('name\r\n'));
		expect(await whole.text()).toBe('name\r\n');
		expect(await outcomes()).toEqual(['error', 'ok']);
	});
});

describe('keys that are refused', () => {
	test('are counted as anybody is, from where they come', async () => {
		const { key } = await start({ allowedIps: ['192.0.2.0/24'] });
		const ip = newAddress();
		const limits = { ...LIMITS.limits, factor: 1 / 150 };
		const reasonOf = (sent: string) =>
			identify(ask(sent, { ip }), limits).then(
				() => 'ok',
				({ reason }: AppError) => reason
			);
		expect(await reasonOf(newKey().key)).toBe('unauthenticated');
		expect(await reasonOf(key.key)).toBe('forbidden');
		for (const sent of [newKey().key, key.key, 'gh_']) expect(await reasonOf(sent), sent).toBe('rate_limited');
	});
});
