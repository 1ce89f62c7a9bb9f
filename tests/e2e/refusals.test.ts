import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expectComplete } from './complete.ts';
import { expect } from './fixtures.ts';
import { privatePages } from './pages.ts';
import { head, send, speak, type Answer } from './raw.ts';
import { ending, test } from './server.ts';

const HOST = 'Host: localhost';
const JSON_TYPE = 'Content-Type: application/json';
const LOGIN = 'POST /trpc/auth.login';
const sized = (bytes: number) => head(LOGIN, HOST, JSON_TYPE, `Content-Length: ${bytes}`);

/** Expects a refusal in the words of whom it was told to. */
function expectRefusal({ status, headers, body }: Answer, reason: string, isCall: boolean): void {
	const requestId = headers['x-request-id'];
	const message: unknown = expect.stringMatching(/^[A-Z].*\.$/);
	const data = {
		httpStatus: status,
		reason,
		fields: null,
		requestId,
		code: expect.stringMatching(/^[A-Z_]+$/) as unknown
	};
	const code: unknown = expect.any(Number);
	const told = isCall ? { error: { json: { message, code, data } } } : { status, message, reason, requestId };
	expect(JSON.parse(body)).toEqual(told);
	expect(headers['content-type']).toBe('application/json');
}

const REFUSALS: [string, string, number, string][] = [
	['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid'],
	['a whole URL', head('GET http://evil.example/', HOST), 400, 'invalid'],
	['a long address', head(`GET /${'a'.repeat(9000)}`, HOST), 414, 'too_large'],
	['endless headers', head('GET /', HOST, `X-Long: ${'a'.repeat(20_000)}`), 431, 'too_large'],
	['nonsense', 'NONSENSE\r\n\r\n', 400, 'invalid'],
	['a change of a page', head('POST /login', HOST, 'Content-Length: 0'), 405, 'method_not_allowed'],
	['a change of a file', head('DELETE /favicon.svg', HOST), 405, 'method_not_allowed'],
	['a trace', head('TRACE /', HOST), 405, 'method_not_allowed'],
	['a compressed body', head('POST /login', HOST, 'Content-Encoding: gzip'), 415, 'unsupported_media_type'],
	['a large body', head('POST /login', HOST, 'Content-Length: 65537'), 413, 'too_large'],
	['a compressed call', head(LOGIN, HOST, JSON_TYPE, 'Content-Encoding: zstd'), 415, 'unsupported_media_type'],
	['a large call', `${sized(65_537)}${'x'.repeat(65_537)}`, 413, 'too_large'],
	['a call by a method that nobody knows', head('QUERY /trpc/auth.login', HOST), 405, 'method_not_allowed']
];

for (const [name, question, status, reason] of REFUSALS) {
	test(`${name} is refused in words`, async () => {
		const answer = await speak(question);
		expect(answer.status).toBe(status);
		expectRefusal(answer, reason, question.includes(' /trpc/'));
	});
}

test('a body of 64 kB is read, and an unknown length ends at the limit of its door', async () => {
	expect((await speak(`${sized(65_536)}${' '.repeat(65_536)}`)).status).toBe(400);
	const headers = { 'Transfer-Encoding': 'chunked', 'Content-Type': 'application/json' };
	const answer = await send('/trpc/auth.login', { method: 'POST', headers, body: ' '.repeat(300_000) });
	expect(answer.status).toBe(413);
	expectRefusal(answer, 'too_large', true);
});

test('a body without an end is refused as soon as it is too long', async () => {
	const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${' '.repeat(bytes)}\r\n`;
	const endless = head(LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked') + chunk(65_537);
	const answer = await speak(endless, undefined, chunk(20_000));
	expect(answer.status).toBe(413);
	expectRefusal(answer, 'too_large', true);
});

test('pages are only read, by whomever and with whatever method', async () => {
	for (const path of ['/', '/login', '/verify/x', '/login/__data.json', ...privatePages('acme')]) {
		for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
			const { status, headers } = await send(path, { method, headers: { 'Content-Length': 0 } });
			expect([status, headers.allow], `${method} ${path}`).toEqual([405, 'GET, HEAD']);
		}
	}
});

test('each call says which method it takes', async () => {
	const allow = async (line: string) =>
		(await speak(head(line, HOST, JSON_TYPE, 'Content-Length: 2') + '{}')).headers.allow;
	expect(await allow('GET /trpc/auth.logout')).toBe('POST');
	expect(await allow('POST /trpc/auth.session')).toBe('GET');
	expect(await allow('DELETE /trpc/auth.session')).toBe('GET, POST');
	expect(await allow('POST /api/v1/me')).toBe('GET, HEAD, OPTIONS');
	expect(await allow('PROPFIND /api/v1/me')).toBe('GET, POST, PATCH, DELETE');
});

test('who sends a form before its page is ready reads a page', async ({ page }) => {
	await page.goto('/login');
	await page.evaluate(() => {
		const form = document.createElement('form');
		form.method = 'post';
		document.body.append(form);
		form.submit();
	});
	await expect(page.getByText('not ready yet')).toBeVisible();
});

/** Bodies and heads that come so slowly, a piece a second, and how each ends. */
const SLOW: [string, string, string | undefined, number][] = [
	['nothing', '', undefined, 408],
	['a head', 'GET /login HTTP/1.1\r\nHost: ', 'x', 408],
	['a body', sized(5000), 'x', 408],
	['a body of unknown length', head(LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked'), '1\r\nx\r\n', 408],
	['a body that stops', `${sized(5000)}{`, undefined, 408],
	['a body that is refused', sized(5_000_000), 'x', 413],
	['a body that nobody reads', head('GET /login', HOST, 'Content-Length: 5000'), 'x', 200],
	['a body that moves on', sized(64_000), ' '.repeat(3500), 400]
];

test('what trickles is cut, what moves on is not', async () => {
	test.slow();
	const ends = await Promise.all(
		SLOW.map(async ([name, text, drip]) => [name, (await speak(text, undefined, drip)).status])
	);
	expect(ends).toEqual(SLOW.map(([name, , , status]) => [name, status]));
});

/** A request that is in progress for as long as its body does not come. */
async function begin(origin: string, ...headers: string[]): Promise<Socket> {
	const { hostname, port } = new URL(origin);
	const socket = connect(Number(port), hostname).on('error', () => undefined);
	await once(socket, 'connect');
	socket.write(`${head(LOGIN, HOST, JSON_TYPE, 'Content-Length: 100', ...headers)}{`);
	return socket;
}

test('while a thousand requests are in progress others are told to come again, and probes are answered', async ({
	serve
}) => {
	const { origin, child } = await serve({ LOG_LEVEL: 'warn' });
	const ask = (path: string) => send(path, {}, origin);
	const sockets = await Promise.all(Array.from({ length: 1000 }, () => begin(origin)));
	await expect.poll(async () => (await ask('/login')).status).toBe(503);
	const call = await ask('/trpc/auth.config');
	expect(call.status).toBe(503);
	expect(call.headers['retry-after']).toBe('1');
	expectRefusal(call, 'overloaded', true);
	expectComplete('a call to a full server', call, false);
	expectRefusal(await ask('/favicon.svg'), 'overloaded', false);
	expect((await ask('/health')).status).toBe(200);
	expect((await ask('/ready')).status).toBe(200);

	sockets.splice(0, 10).forEach((socket) => socket.destroy());
	await expect.poll(async () => (await ask('/login')).status).toBe(200);

	const ended = ending(child, 10_000);
	child.kill('SIGTERM');
	expect(await ended).toBe(0);
	for (const socket of sockets) socket.destroy();
});

test('no network takes the places of all others, however many requests it leaves open', async ({ serve }) => {
	const { origin } = await serve({ LOG_LEVEL: 'warn', TRUSTED_PROXY_HOPS: '1' });
	const ask = (from: string) => send('/trpc/auth.config', { headers: { 'X-Forwarded-For': from } }, origin);
	const greedy = 'X-Forwarded-For: 2001:db8::1';
	const sockets = await Promise.all(Array.from({ length: 1100 }, () => begin(origin, greedy)));
	await expect.poll(async () => (await ask('2001:db8::2')).status).toBe(429);
	const refused = await ask('2001:db8::2');
	expect(refused.headers['retry-after']).toBe('1');
	expectRefusal(refused, 'rate_limited', true);
	expect((await ask('2001:db8:0:1::1')).status).toBe(200);
	expect((await ask('203.0.113.9')).status).toBe(200);
	for (const socket of sockets) socket.destroy();
	await expect.poll(async () => (await ask('2001:db8::2')).status).toBe(200);
});

test('who goes away before their request is told leaves a quiet line', async ({ serve }) => {
	const { origin, output } = await serve();
	const socket = await begin(origin);
	await send('/health', {}, origin);
	socket.destroy();
	await expect.poll(output).toContain('whoever asked is gone');
	expect(output()).not.toMatch(/ERROR|"level":50|Error:/);
	expect((await send('/health', {}, origin)).status).toBe(200);
});
