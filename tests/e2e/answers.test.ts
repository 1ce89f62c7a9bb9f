import { hashPassword } from '../../src/server/auth/password.ts';
import { Cable } from './cable.ts';
import { expectComplete } from './complete.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { call, csrf, firstOrg, newEmail, newPerson, PASSWORD } from './people.ts';
import { get, OURS, QUESTIONS } from './questions.ts';
import { head, send, speak } from './raw.ts';
import { DEPLOYED, HOST, test as base, type Server } from './server.ts';

const GOOGLE = { GOOGLE_CLIENT_ID: 'client.example', GOOGLE_CLIENT_SECRET: 'secret' };

const test = base.extend<{ deployment: Server }>({
	deployment: async ({ serve }, use) => use(await serve({ ...DEPLOYED, ...GOOGLE }))
});

const PAGE = /^default-src 'none'; .*script-src 'self' 'nonce-[^']+'[^*]*frame-ancestors 'none'$/;
test('deployed, every answer is complete, whatever was asked', async ({ deployment: { origin } }) => {
	for (const [name, [question, status]] of Object.entries(QUESTIONS)) {
		const answer = await speak(question, origin);
		expect.soft(answer.status, name).toBe(status);
		expectComplete(name, answer);
	}
});

test('pages keep the policy of their own, and secrets in addresses stay here', async ({ deployment: { origin } }) => {
	const headersOf = async (path: string) => (await speak(get(path), origin)).headers;
	for (const path of ['/', '/login', '/forgot', '/nothing']) {
		const headers = await headersOf(path);
		expect(headers['content-security-policy'], path).toMatch(PAGE);
		expect(headers['cache-control'], path).toBe('no-store');
	}
	for (const kind of ['verify', 'reset', 'invite', 'confirm-email', 'undo-email', 'restore', 'export']) {
		for (const path of [
			`/${kind}/token`,
			`/${kind}/token/__data.json`,
			`/%${kind.charCodeAt(0).toString(16)}${kind.slice(1)}/token`
		])
			expect((await headersOf(path))['referrer-policy'], path).toBe('no-referrer');
	}
	expect((await headersOf('/forgot'))['referrer-policy']).toBe('same-origin');
	expect((await headersOf('/verifyx'))['referrer-policy']).toBe('same-origin');
});

test('windows of Google find their way back to the pages that open them', async ({ deployment: { origin } }) => {
	const opener = async (path: string) => (await speak(get(path), origin)).headers['cross-origin-opener-policy'];
	for (const path of ['/login', '/signup', '/verify']) expect(await opener(path)).toBe('same-origin-allow-popups');
	for (const path of ['/', '/forgot', '/verify/token', '/nothing']) expect(await opener(path)).toBe('same-origin');
});

/** Changes something, as a program. */
const change = ({ origin }: Server, path: string, input: object, headers = {}) =>
	send(
		`/trpc/${path}`,
		{
			method: 'POST',
			headers: { Host: HOST, 'Content-Type': 'application/json', ...headers },
			body: JSON.stringify(input)
		},
		origin
	);

/** Somebody signed in: what they were answered, and the headers of what they do next. */
async function signIn(server: Server) {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], server.databaseUrl);
	const answer = await change(server, 'auth.login', { identifier: email, password: PASSWORD });
	const Cookie = answer.headers['set-cookie']!.map((cookie) => cookie.split(';')[0]).join('; ');
	return { answer, Cookie, headers: { Cookie, 'X-CSRF-Token': /csrf_token=([^;]+)/.exec(Cookie)![1]! } };
}

test('what a session sees is kept by nobody, what all see is', async ({ deployment }) => {
	const { origin } = deployment;
	const { answer: signedIn, Cookie, headers } = await signIn(deployment);
	const made = await change(deployment, 'orgs.create', { name: 'Hooper' }, headers);
	const { slug } = (JSON.parse(made.body) as { result: { data: { json: { slug: string } } } }).result.data.json;
	const paths = [
		'/account',
		'/account/__data.json',
		'/trpc/auth.me',
		`/orgs/${slug}`,
		`/orgs/${slug}/customers.csv`,
		'/login'
	];
	for (const path of paths) {
		const answer = await send(path, { headers: { Host: HOST, Cookie } }, origin);
		expect(answer.status, path).toBe(path === '/login' ? 303 : 200);
		expect(answer.headers['cache-control'], path).toContain('no-store');
		expectComplete(path, answer);
	}
	for (const answer of [signedIn, made]) expectComplete('a change', answer);
	const { body } = await send('/login', { headers: { Host: HOST } }, origin);
	const [file] = /_app\/immutable\/[^"]+\.js/.exec(body) ?? [];
	const asset = await send(`/${file}`, { headers: { Host: HOST } }, origin);
	expect(asset.headers['cache-control']).toContain('immutable');
	expectComplete('a built file', asset);
	const ETag = asset.headers.etag!;
	const unchanged = await send(`/${file}`, { headers: { Host: HOST, 'If-None-Match': ETag } }, origin);
	expect(unchanged.status).toBe(304);
	expectComplete('a file that a browser has', unchanged);
});

test('complete is also what fails, what comes too slowly, and what is said while the database is away', async ({
	serve
}) => {
	test.slow();
	let cable: Cable | undefined;
	const server = await serve(async (databaseUrl) => {
		cable = new Cable(databaseUrl);
		return { ...DEPLOYED, DATABASE_URL: await cable.plug() };
	});
	const slow = ['', head('GET /login', OURS).slice(0, -2)].map((text) => speak(text, server.origin));
	const { Cookie } = await signIn(server);
	const ask = (path: string) => send(path, { headers: { Host: HOST, Cookie } }, server.origin);
	// Dates that PostgreSQL can hold and JavaScript cannot: they fail a page, and then every request.
	for (const [change, paths] of [
		[`update "user" set created_at = 'infinity'`, ['/account']],
		[`update session set expires_at = 'infinity'`, ['/orgs', '/trpc/auth.me', '/orgs/acme/customers.csv']]
	] as const) {
		await query(change, [], server.databaseUrl);
		for (const path of paths) {
			const answer = await ask(path);
			expect(answer.status, path).toBe(500);
			expectComplete(`${path}, which fails`, answer);
		}
	}
	for (const answer of await Promise.all(slow)) {
		expect(answer.status).toBe(408);
		expectComplete('a request that does not come', answer);
	}
	cable!.cut();
	await expect.poll(async () => (await ask('/ready')).status).toBe(503);
	for (const path of ['/ready', '/account', '/trpc/auth.me', '/orgs/acme/customers.csv']) {
		const answer = await ask(path);
		expect(answer.status, path).toBe(503);
		expectComplete(`${path} without a database`, answer);
	}
});

test('complete is also what comes in pieces', async ({ page: { request }, page }) => {
	await newPerson(page);
	const { slug: org } = await firstOrg(page);
	const customer = { org, name: 'Grace', email: 'grace@navy.example', notes: 'She called.' };
	const { id } = await call<{ id: string }>(request, 'customers.create', customer);
	const options = { data: { id }, headers: await csrf(request) };
	const answer = await request.post(`/orgs/${org}/assistant/summarize`, options);
	expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/x-ndjson']);
	expectComplete('lines', { status: 200, headers: answer.headers(), body: await answer.text() }, false);
});
