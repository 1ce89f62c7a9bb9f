import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send, type Answer } from './raw.ts';
import { test } from './server.ts';

const SHARED = ['https://admin.example.com', 'https://shop.example.com:8443'];
const CORS_ORIGINS = SHARED.join(', ');

/** Not one of them, however near. */
const OTHERS = [
	'https://evil.example',
	'http://admin.example.com',
	'https://admin.example.com:8443',
	'https://admin.example.com.evil.example',
	'https://x.admin.example.com',
	'https://ADMIN.example.com',
	'https://admin.example.com/',
	`${SHARED[0]},${SHARED[1]}`,
	'null',
	'*',
	''
];

const EXPOSED = 'X-Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';

const shared = ({ headers }: Answer) =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

/** Too long a body, of a length that nobody says before. */
const ENDLESS = { 'Transfer-Encoding': 'chunked' };
const LONG = ' '.repeat(70_000);

const preflight = (origin: string, server: string, path = '/trpc/todos.create') =>
	send(
		path,
		{
			method: 'OPTIONS',
			headers: {
				Origin: origin,
				'Access-Control-Request-Method': 'POST',
				'Access-Control-Request-Headers': 'content-type,x-csrf-token'
			}
		},
		server
	);

test('listed origins may call procedures, and read every answer', async ({ serve }) => {
	const { origin } = await serve({ CORS_ORIGINS });
	for (const Origin of SHARED) {
		const asked = await preflight(Origin, origin);
		expect([asked.status, asked.body]).toEqual([204, '']);
		expect(shared(asked)).toEqual({
			'access-control-allow-origin': Origin,
			'access-control-allow-credentials': 'true',
			'access-control-allow-methods': 'GET, POST',
			'access-control-allow-headers': 'Content-Type, X-CSRF-Token, Authorization',
			'access-control-expose-headers': EXPOSED,
			'access-control-max-age': '7200'
		});
		expect(asked.headers.vary).toContain('Origin');
		const ofRest = shared(await preflight(Origin, origin, '/api/v1/orgs/acme'));
		expect(ofRest).toEqual({ ...shared(asked), 'access-control-allow-methods': 'GET, POST, PATCH, DELETE' });
		const JSON_TYPE = { Origin, 'Content-Type': 'application/json' };
		const answers = {
			200: await send('/trpc/auth.config', { headers: { Origin } }, origin),
			401: await send('/trpc/todos.create', { method: 'POST', headers: JSON_TYPE, body: '{}' }, origin),
			404: await send('/api/v1/nothing', { headers: { Origin } }, origin),
			405: await send('/trpc/todos.create', { headers: { Origin } }, origin),
			413: await send(
				'/trpc/todos.create',
				{ method: 'POST', headers: { ...JSON_TYPE, ...ENDLESS }, body: LONG },
				origin
			),
			414: await send(`/trpc/${'a'.repeat(9000)}`, { headers: { Origin } }, origin),
			415: await send('/trpc/todos.create', { method: 'POST', headers: { Origin } }, origin)
		};
		const rest = await send(`/api/v1/${'a'.repeat(9000)}`, { headers: { Origin } }, origin);
		expect([rest.status, shared(rest)]).toEqual([414, shared(answers[414])]);
		for (const [status, answer] of Object.entries(answers)) {
			expect(answer.status).toBe(Number(status));
			expect(shared(answer), status).toEqual({
				'access-control-allow-origin': Origin,
				'access-control-allow-credentials': 'true',
				'access-control-expose-headers': EXPOSED
			});
			expect(answer.headers.vary).toContain('Origin');
		}
	}
});

test('to any other origin, and of anything but procedures, nothing is said', async ({ serve }) => {
	const { origin } = await serve({ CORS_ORIGINS });
	for (const other of OTHERS) {
		const asked = await preflight(other, origin);
		expect([asked.status, shared(asked)], other).toEqual([405, {}]);
		const answer = await send('/trpc/auth.config', { headers: { Origin: other } }, origin);
		expect([answer.status, shared(answer)], other).toEqual([200, {}]);
		expect(answer.headers.vary).toContain('Origin');
	}
	for (const path of [
		'/',
		'/login',
		'/health',
		'/cron/prune',
		'/orgs/acme/customers/import',
		'/dev/mail.json',
		'/trpcx'
	]) {
		expect(shared(await preflight(SHARED[0]!, origin, path)), path).toEqual({});
		expect(shared(await send(path, { headers: { Origin: SHARED[0] } }, origin)), path).toEqual({});
	}
	expect(shared(await send('/trpc/auth.config', {}, origin))).toEqual({});
});

test('where no origin is listed nobody is told anything, our own included', async () => {
	const own = process.env.E2E_ORIGIN!;
	for (const Origin of [...SHARED, ...OTHERS, own]) {
		expect(shared(await preflight(Origin, own)), Origin).toEqual({});
		expect(shared(await send('/trpc/auth.config', { headers: { Origin } })), Origin).toEqual({});
	}
});

test('in development every origin may be let in', async ({ serve }) => {
	const { origin } = await serve({ CORS_ORIGINS: '*' });
	const answer = await send('/trpc/auth.config', { headers: { Origin: 'https://anywhere.example' } }, origin);
	expect(shared(answer)).toMatchObject({ 'access-control-allow-origin': 'https://anywhere.example' });
	expect(shared(await send('/trpc/auth.config', {}, origin))).toEqual({});
});

/** A site of somebody's own, beside ours: another port, to which a browser sends our cookies along. */
async function startSite() {
	const site = createServer((_, response) =>
		response.setHeader('Content-Type', 'text/html').end('<title>Site</title>')
	);
	await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
	const stop = () => void site.close().closeAllConnections();
	return { origin: `http://127.0.0.1:${(site.address() as AddressInfo).port}`, stop };
}

/** What a page does that may call: it asks for its token, and makes a change with it. */
async function change(server: string): Promise<string> {
	const credentials = 'include';
	const url = `${server}/trpc/todos.create`;
	try {
		const me = (await (await fetch(`${server}/trpc/auth.me`, { credentials })).json()) as {
			result: { data: { json: { csrfToken: string } } };
		};
		const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': me.result.data.json.csrfToken };
		const made = await fetch(url, { method: 'POST', credentials, headers, body: '{"title":"From elsewhere"}' });
		return `${made.status} ${made.headers.has('X-Request-Id')}`;
	} catch {
		// Sent without asking first; even that there was an answer is kept from the page.
		const forged = { method: 'POST', credentials, mode: 'no-cors', body: '{"title":"Forged"}' } as const;
		return fetch(url, forged).then(
			() => 'answered',
			() => 'kept away'
		);
	}
}

test('in a browser, pages of a listed origin make changes, and those of another are kept away', async ({
	page,
	serve,
	defects
}) => {
	const [listed, other] = [await startSite(), await startSite()];
	const { origin, databaseUrl } = await serve({ CORS_ORIGINS: listed.origin });
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	const data = { identifier: email, password: PASSWORD };
	expect((await page.request.post(`${origin}/trpc/auth.login`, { data })).status()).toBe(200);

	await page.goto(listed.origin);
	expect(await page.evaluate(change, origin)).toBe('200 true');
	await page.goto(other.origin);
	expect(await page.evaluate(change, origin)).toBe('kept away');
	const { rows } = await query('select title from todo', [], databaseUrl);
	expect(rows).toEqual([{ title: 'From elsewhere' }]);
	expect(defects.splice(0).join()).toContain('has been blocked by CORS policy');
	for (const { stop } of [listed, other]) stop();
});
