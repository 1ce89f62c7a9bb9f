import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { ending, launch, test } from './server.ts';
import { hashPassword } from '../../src/server/auth/password.ts';
import { newEmail, PASSWORD } from './people.ts';

/** Milliseconds that the server promises to stop within. */
const PROMISED = 10_000;

test('told to stop, the server finishes what is under way and takes no more', async ({ serve }) => {
	const { origin, databaseUrl, child } = await serve();
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	const client = await connect(databaseUrl);
	await client.query('begin');
	await client.query('select from "user" where email = $1 for update', [email]);
	const underWay = fetch(`${origin}/trpc/auth.login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ identifier: email, password: PASSWORD })
	});
	const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
	await expect.poll(async () => (await query(waiting, [], databaseUrl)).rowCount).toBe(1);

	const ended = ending(child, PROMISED);
	child.kill('SIGTERM');
	await expect
		.poll(() =>
			fetch(`${origin}/health`).then(
				() => 'served',
				() => 'refused'
			)
		)
		.toBe('refused');
	await client.query('commit');
	await client.end();
	const answer = await underWay;
	expect(answer.status).toBe(200);
	expect(answer.headers.getSetCookie().join()).toContain('session_id=');
	await answer.text();
	expect(await ended).toBe(0);
});

test('a request that never ends does not keep the server', async ({ serve }) => {
	const { origin, child } = await serve();
	const { hostname, port } = new URL(origin);
	const socket = connectSocket(Number(port), hostname).on('error', () => undefined);
	await once(socket, 'connect');
	socket.write('POST /trpc/auth.login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
	socket.write('Content-Length: 100\r\n\r\n{"identifier":');
	await fetch(`${origin}/health`);

	const ended = ending(child, PROMISED);
	child.kill('SIGTERM');
	expect(await ended).toBe(0);
	socket.destroy();
});

test('connections that are kept do not keep the server', async ({ serve }) => {
	const { origin, child } = await serve();
	const agent = new Agent({ keepAlive: true });
	const { hostname, port } = new URL(origin);
	const asked = Array.from({ length: 5 }, () => once(get({ hostname, port, path: '/login', agent }), 'response'));
	for (const [answer] of (await Promise.all(asked)) as [IncomingMessage][]) await text(answer);
	const ended = ending(child, PROMISED);
	child.kill('SIGTERM');
	expect(await ended).toBe(0);
	agent.destroy();
});

test('idle, the server stops at SIGINT, too', async ({ serve }) => {
	const { origin, child } = await serve();
	await (await fetch(`${origin}/health`)).text();
	const ended = ending(child, PROMISED);
	child.kill('SIGINT');
	expect(await ended).toBe(0);
});

/** As a fresh deployment is: nothing set but the environment's own. Empty counts as unset, whatever `.env` says. */
const NOTHING = { PUBLIC_ORIGIN: '', DATABASE_URL: '', SECRET_KEY: '', SMTP_URL: '', MAIL_FROM: '' };

test('without its variables a deployment does not start, and names all of them', async () => {
	const { child, output } = launch({ ...NOTHING, APP_ENV: 'prod' });
	expect(await ending(child)).toBe(1);
	for (const name of Object.keys(NOTHING)) expect(output()).toMatch(new RegExp(`fatal +${name} is missing`));
	expect(output()).not.toMatch(/^\s+at /m);
});

test('a deployment that forgets APP_ENV is production', async () => {
	const { child, output } = launch({ ...NOTHING, APP_ENV: '' });
	expect(await ending(child)).toBe(1);
	expect(output()).toContain('SMTP_URL is missing');
});

test('malformed variables are named together, their values are not', async () => {
	const malformed = {
		PUBLIC_ORIGIN: 'ftp://canary-origin.example',
		DATABASE_URL: 'mysql://somebody:canary-database@localhost/x',
		SECRET_KEY: 'canary-secret',
		SMTP_URL: 'https://canary-smtp.example',
		MAIL_FROM: 'canary-sender',
		PORT: '70000',
		APP_MODE: 'canary-mode',
		CSRF_ENABLED: 'false',
		SESSION_COOKIE_MAX_AGE: 'canary-age',
		PASSWORD_MIN_LENGTH: '3'
	};
	const { child, output } = launch({ APP_ENV: 'prod', ...malformed });
	expect(await ending(child)).toBe(1);
	for (const name of Object.keys(malformed)) expect(output()).toMatch(new RegExp(`^ +fatal +${name} `, 'm'));
	expect(output()).not.toContain('canary');
});

test('a port that is taken ends the server with a sentence', async ({ serve }) => {
	const { origin, databaseUrl } = await serve();
	const { child, output } = launch({ DATABASE_URL: databaseUrl, PORT: new URL(origin).port });
	expect(await ending(child)).toBe(1);
	expect(output()).toContain('EADDRINUSE');
	expect(output()).not.toMatch(/^\s+at /m);
});

for (const version of ['v20.20.2', 'v22.17.1']) {
	test(`Node ${version} is told which one is needed`, async () => {
		const older = `Object.defineProperty(process, 'version', { value: '${version}' })`;
		const { child, output } = launch({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(older)}` });
		expect(await ending(child)).toBe(1);
		expect(output()).toBe(`Gatehouse needs Node 22.18 or newer, and this is ${version}.\n`);
	});
}
