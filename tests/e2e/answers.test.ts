import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { head, send, speak, type Answer } from './raw.ts';
import { DEPLOYED, HOST, test as base, type Server } from './server.ts';

const OURS = `Host: ${HOST}`;
const GOOGLE = { GOOGLE_CLIENT_ID: 'client.example', GOOGLE_CLIENT_SECRET: 'secret' };

const test = base.extend<{ deployment: Server }>({
	deployment: async ({ serve }, use) => use(await serve({ ...DEPLOYED, ...GOOGLE }))
});

const CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE = /^default-src 'none'; .*script-src 'self' 'nonce-[^']+'[^*]*frame-ancestors 'none'$/;
const FEATURES = ['camera', 'microphone', 'geolocation', 'payment', 'usb'];

/** Expects all that every answer says, whatever it answers. */
function expectComplete(name: string, { status, headers, body }: Answer): void {
	const get = (header: string) => String(headers[header] ?? '');
	const type = get('content-type');
	const isPage = type.startsWith('text/html');
	expect.soft(get('x-request-id'), name).toMatch(/^[\da-f-]{36}$/);
	expect.soft(get('strict-transport-security'), name).toMatch(/^max-age=\d{8}; includeSubDomains$/);
	expect.soft(get('x-content-type-options'), name).toBe('nosniff');
	expect.soft(get('x-frame-options'), name).toBe('DENY');
	expect.soft(get('cross-origin-opener-policy'), name).toMatch(/^same-origin(-allow-popups)?$/);
	expect.soft(get('cross-origin-resource-policy'), name).toBe('same-origin');
	expect.soft(get('referrer-policy'), name).toMatch(/^(no-referrer|same-origin|strict-origin-when-cross-origin)$/);
	expect.soft(get('cache-control'), name).toMatch(/no-store|no-cache|must-revalidate|immutable/);
	for (const feature of FEATURES) expect.soft(get('permissions-policy'), name).toContain(`${feature}=()`);
	const policy = get('content-security-policy');
	if (isPage) expect.soft(policy, name).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
	else expect.soft(policy, name).toBe(CLOSED);
	if (/^text\/|xml/.test(type)) expect.soft(type, name).toMatch(/; ?charset=utf-8$/i);
	if (body && headers['transfer-encoding'] !== 'chunked') expect.soft(type, name).not.toBe('');
	if (status === 405) expect.soft(get('allow'), name).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
	const named = Object.keys(headers).filter((header) => /^(server|via|x-powered-by|x-sveltekit.*)$/.test(header));
	expect.soft(named, name).toEqual([]);
}

const get = (path: string, ...headers: string[]) => head(`GET ${path}`, OURS, ...headers);
const post = (path: string, ...headers: string[]) => head(`POST ${path}`, OURS, ...headers);
const JSON_TYPE = 'Content-Type: application/json';

/** What is asked of a deployment, and the status of its answer. */
const QUESTIONS: Record<string, [string, number]> = {
	'a page': [get('/'), 200],
	'a page for guests': [get('/login'), 200],
	'a page asked for its head': [head('HEAD /login', OURS), 200],
	'the data of a page': [get('/login/__data.json'), 200],
	'a page with a token': [get('/verify/nothing'), 404],
	'no such page': [get('/nothing'), 404],
	'a page of development': [get('/dev'), 404],
	'a malformed path': [get('/%E0%A4%A'), 400],
	'NUL in a path': [get('/orgs/%00'), 400],
	'a path that climbs': [get('/../../etc/passwd'), 404],
	'an encoded path that climbs': [get('/%2e%2e/%2e%2e/etc/passwd'), 404],
	'a path that climbs among the files': [get('/_app/..%2f..%2fserver.js'), 404],
	'two slashes': [get('//evil.example/'), 404],
	'a redirect to sign in': [get('/account'), 303],
	'a redirect without a slash': [get('/login/'), 308],
	'a file': [get('/robots.txt'), 200],
	'an icon': [get('/favicon.svg'), 200],
	'a part of a file': [get('/robots.txt', 'Range: bytes=0-3'), 206],
	'no part of a file': [get('/robots.txt', 'Range: bytes=9999-'), 416],
	'no such file': [get('/_app/immutable/nothing.js'), 404],
	'a change of a file': [post('/favicon.svg', 'Content-Length: 0'), 405],
	'a query': [get('/trpc/auth.config'), 200],
	'a query that fails': [get('/trpc/auth.me'), 401],
	'no such procedure': [get('/trpc/nothing'), 404],
	'a forgery': [post('/trpc/auth.logout', JSON_TYPE, 'Origin: https://evil.example', 'Content-Length: 0'), 403],
	'an export without a session': [get('/orgs/acme/customers.csv'), 303],
	'the way to a provider': [get('/auth/oauth/google'), 303],
	'no such provider': [get('/auth/oauth/nobody'), 404],
	'a probe': [get('/health'), 200],
	'a probe for another host': [head('GET /ready', 'Host: 10.0.0.7'), 200],
	'a probe for no host': ['GET /health HTTP/1.0\r\n\r\n', 200],
	'another host': [head('GET /login', 'Host: evil.example'), 421],
	'another host for a file': [head('GET /favicon.svg', 'Host: evil.example'), 421],
	'another host for a call': [head('GET /trpc/auth.config', 'Host: evil.example'), 421],
	'a host that begins like ours': [head('GET /', `Host: ${HOST}.evil.example`), 421],
	'our host at another port': [head('GET /', `Host: ${HOST}:8080`), 421],
	'our host at the port of https': [head('GET /', `Host: ${HOST}:443`), 200],
	'a forwarded host': [head('GET /', 'Host: evil.example', `X-Forwarded-Host: ${HOST}`), 421],
	'two hosts': [head('GET /', OURS, 'Host: evil.example'), 400],
	'no host': [head('GET /'), 400],
	'no host in HTTP/1.0': ['GET /login HTTP/1.0\r\n\r\n', 400],
	'our host in HTTP/1.0': [`GET /login HTTP/1.0\r\n${OURS}\r\n\r\n`, 200],
	'a whole URL': [head('GET https://evil.example/login', OURS), 400],
	'no path at all': [head('OPTIONS *', OURS), 400],
	'a long address': [get(`/${'a'.repeat(9000)}`), 414],
	'an endless address': [get(`/${'a'.repeat(100_000)}`), 414],
	'endless headers': [get('/', `X-Long: ${'a'.repeat(20_000)}`), 431],
	nonsense: ['NONSENSE\r\n\r\n', 400],
	'a greeting of TLS': ['\u0016\u0003\u0001\u0002\u0000\u0001\r\n', 400],
	'a length that is none': [post('/trpc/auth.login', 'Content-Length: x'), 400],
	'two lengths': [post('/trpc/auth.login', 'Content-Length: 5', 'Transfer-Encoding: chunked'), 400],
	'a chunk that is none': [`${post('/trpc/auth.login', JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n`, 400],
	'an expectation': [post('/trpc/auth.login', 'Expect: tea', 'Content-Length: 0'), 417],
	'a form to a page': [post('/login', 'Accept: text/html', 'Content-Length: 0'), 405],
	'a change of a page': [post('/login', 'Content-Length: 0'), 405],
	'a change of a private page': [head('DELETE /account', OURS), 405],
	'a change of a probe': [head('DELETE /health', OURS), 405],
	'a look at an import': [get('/orgs/acme/customers/import'), 405],
	'another way to call': [head('PUT /trpc/auth.login', OURS), 405],
	'a mutation by GET': [get('/trpc/auth.logout'), 405],
	'a trace': [head('TRACE /', OURS), 405],
	'a tunnel': [head(`CONNECT ${HOST}:443`, OURS), 405],
	'a method that nobody knows': [head('QUERY /trpc/auth.login', OURS), 405],
	'a large body': [`${post('/trpc/auth.login', JSON_TYPE, 'Content-Length: 65537')}${'x'.repeat(65_537)}`, 413],
	'a large body to a page': [`${post('/login', 'Content-Length: 65537')}${'x'.repeat(65_537)}`, 413],
	'a larger import': [post('/orgs/acme/customers/import', 'Content-Length: 10485761'), 413],
	'a compressed body': [post('/trpc/auth.login', JSON_TYPE, 'Content-Encoding: gzip', 'Content-Length: 0'), 415],
	'a compressed import': [post('/orgs/acme/customers/import', 'Content-Encoding: br', 'Content-Length: 9'), 415],
	'a compressed transfer': [`${post('/trpc/auth.login', 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`, 415],
	'text for a call': [post('/trpc/auth.login', 'Content-Type: text/plain', 'Content-Length: 0'), 415]
};

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

test('what a session sees is kept by nobody, what all see is', async ({ deployment: { origin, databaseUrl } }) => {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	const call = async (path: string, input: object, headers = {}) =>
		send(
			`/trpc/${path}`,
			{
				method: 'POST',
				headers: { Host: HOST, 'Content-Type': 'application/json', ...headers },
				body: JSON.stringify(input)
			},
			origin
		);
	const signedIn = await call('auth.login', { identifier: email, password: PASSWORD });
	const Cookie = signedIn.headers['set-cookie']!.map((cookie) => cookie.split(';')[0]).join('; ');
	const token = /csrf_token=([^;]+)/.exec(Cookie)![1]!;
	const made = await call('orgs.create', { name: 'Hooper' }, { Cookie, 'X-CSRF-Token': token });
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
});
