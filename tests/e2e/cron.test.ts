import { connect, INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail } from './people.ts';
import { send, type Question } from './raw.ts';
import { test } from './server.ts';

const CRON_SECRET = 'quiet-lantern-47-wandering-teapot';
const OURS = { 'X-Cron-Secret': CRON_SECRET };

/** The number of the lock that a run holds. */
const LOCK = 726_373;

const ask = (origin: string, headers: Question['headers'] = {}, method = 'POST') =>
	send('/cron/prune', { method, headers: { Accept: '*/*', ...headers } }, origin);

const COUNT = 'select from session where expires_at < now()';

/** One session that ended eight days ago, and one that ended yesterday. */
async function leaveSessions(databaseUrl: string): Promise<void> {
	await query(INSERT_PERSON, [newEmail(), ''], databaseUrl);
	await query(
		`insert into session (id, user_id, remembered, ip, device, expires_at)
		select gen_random_uuid(), id, false, '', '', now() - make_interval(days => days)
		from "user", unnest(array[1, 8]) as days`,
		[],
		databaseUrl
	);
}

test('pruning on request asks for the secret', async ({ serve }) => {
	const { origin, databaseUrl } = await serve({ CRON_SECRET });
	await leaveSessions(databaseUrl);
	for (const secret of ['', 'wrong', `${CRON_SECRET}x`, CRON_SECRET.slice(1), CRON_SECRET.toUpperCase()]) {
		const answer = await ask(origin, { 'X-Cron-Secret': secret });
		expect(answer.status, secret).toBe(401);
		expect(JSON.parse(answer.body)).toMatchObject({ reason: 'unauthenticated' });
	}
	expect((await ask(origin)).status).toBe(401);
	expect((await query(COUNT, [], databaseUrl)).rowCount).toBe(2);

	const pruned = await ask(origin, OURS);
	expect([pruned.status, pruned.body]).toEqual([204, '']);
	expect((await query(COUNT, [], databaseUrl)).rowCount).toBe(1);
});

test('pruning on request is for programs, whatever they send, and never for another site', async ({ serve }) => {
	const PUBLIC_ORIGIN = 'https://app.example.com';
	const { origin } = await serve({ CRON_SECRET, PUBLIC_ORIGIN });
	const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
	for (const headers of [{}, form, { 'Content-Type': 'application/json' }, { Origin: PUBLIC_ORIGIN }]) {
		expect((await ask(origin, { ...OURS, ...headers })).status, JSON.stringify(headers)).toBe(204);
	}
	for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
		expect((await ask(origin, { ...OURS, ...headers })).status, JSON.stringify(headers)).toBe(403);
	}
	for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
		const { status, headers } = await ask(origin, OURS, method);
		expect(status, method).toBe(405);
		expect(headers['access-control-allow-origin']).toBeUndefined();
	}
});

test('one run at a time, and one that fails says so', async ({ serve }) => {
	const { origin, databaseUrl, output } = await serve({ CRON_SECRET, CRON_SESSION_RETENTION_DAYS: '0' });
	await leaveSessions(databaseUrl);
	const other = await connect(databaseUrl);
	await other.query('select pg_advisory_lock($1)', [LOCK]);
	const refused = await ask(origin, OURS);
	expect(refused.status).toBe(409);
	expect(JSON.parse(refused.body)).toMatchObject({ reason: 'conflict' });
	await other.end();
	await expect.poll(async () => (await ask(origin, OURS)).status).toBe(204);
	expect((await query(COUNT, [], databaseUrl)).rowCount).toBe(0);

	await query('alter table token rename to mislaid', [], databaseUrl);
	await leaveSessions(databaseUrl);
	expect((await ask(origin, OURS)).status).toBe(500);
	await expect.poll(output).toMatch(/pruning failed[^]*"tokens"/);
	expect((await query(COUNT, [], databaseUrl)).rowCount).toBe(0);
});

test('without a secret there is nothing to ask', async ({ serve }) => {
	const { origin } = await serve();
	for (const headers of [{}, OURS, { 'X-Cron-Secret': '' }, { 'X-Cron-Secret': 'undefined' }]) {
		expect((await ask(origin, headers)).status).toBe(404);
	}
});
