import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
	LIMITS,
	makeOrg,
	makeUser,
	newAddress,
	newBrowser,
	newEmail,
	PASSWORD,
	race
} from '../../../tests/fixtures.ts';
import { db, pool } from '../db.ts';
import { queueJob, tasks, type Jobs } from '../jobs.ts';
import { deliver, queueMail } from '../mail/service.ts';
import { connect } from '../mail/transport.ts';
import { renderMetrics } from './service.ts';

/** The value of one series; nothing for one that was not begun. */
async function read(series: string): Promise<number | undefined> {
	const line = (await renderMetrics()).split('\n').find((text) => text.startsWith(`${series} `));
	return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** By how much a series grows while `work` runs. */
async function growth(series: string, work: () => Promise<unknown>): Promise<number> {
	const before = (await read(series)) ?? 0;
	await work();
	return ((await read(series)) ?? 0) - before;
}

const signIns = (outcome: string) => `gatehouse_sign_ins_total{way="password",outcome="${outcome}"}`;

test('sign-ins are counted by what came of them', async () => {
	const { email } = await makeUser({ password: PASSWORD });
	const { api } = newBrowser(LIMITS, newAddress());
	const signIn = (password: string) => api.auth.login({ identifier: email, password }).catch(() => undefined);
	expect(await growth(signIns('ok'), () => signIn(PASSWORD))).toBe(1);
	const guess = () => race(20, () => signIn('a wrong guess 17'));
	const before = (await read(signIns('rate_limited'))) ?? 0;
	expect(await growth(signIns('invalid_credentials'), guess)).toBe(5);
	expect(await read(signIns('rate_limited'))).toBe(before + 15);
});

test('calls are counted by procedure and reason', async () => {
	const { slug, members } = await makeOrg('readonly', 'member');
	const [reader, member] = members;
	const series = (outcome: string) => `gatehouse_calls_total{procedure="customers.create",outcome="${outcome}"}`;
	const create = ({ api }: typeof reader, email = newEmail()) =>
		api.customers.create({ org: slug, name: 'Ada', email }).catch(() => undefined);
	expect(await growth(series('ok'), () => create(member))).toBe(1);
	expect(await growth(series('forbidden'), () => create(reader))).toBe(1);
	expect(await growth(series('invalid'), () => create(member, 'nobody'))).toBe(1);
	expect(await growth('gatehouse_call_seconds_count{procedure="customers.create"}', () => create(member))).toBe(1);
});

test('mails are counted as they go out, fail and are given up', async () => {
	const mailTo = (email: string) =>
		queueMail(db, email, 'new_device', { device: 'Firefox', at: new Date().toISOString() });
	const idOf = (to: string) => db.selectFrom('mail').where('to', '=', to).select('id').executeTakeFirstOrThrow();
	const email = newEmail();
	await mailTo(email);
	const { id } = await idOf(email);
	const nobody = connect('smtp://127.0.0.1:9');
	const fail = (isLast: boolean) => deliver(id, isLast, nobody).catch(() => undefined);
	expect(await growth('gatehouse_mails_total{outcome="failed"}', () => fail(false))).toBe(1);
	expect(await growth('gatehouse_mails_total{outcome="sent"}', () => deliver(id, false, null))).toBe(1);
	const other = newEmail();
	await mailTo(other);
	const { id: lost } = await idOf(other);
	const give = () => deliver(lost, true, nobody).catch(() => undefined);
	expect(await growth('gatehouse_mails_total{outcome="given_up"}', give)).toBe(1);
});

test('the queue is told by task: what waits, and what failed for good', async () => {
	const payload: Jobs['mail'] = { mailId: crypto.randomUUID() };
	const waiting = () => read('gatehouse_jobs{task="mail",state="waiting"}');
	await queueJob(db, 'mail', payload);
	expect(await waiting()).toBeGreaterThan(0);
	expect(await read('gatehouse_jobs_oldest_seconds{task="mail"}')).toBeGreaterThan(0);

	const task = `failing_${crypto.randomUUID()}`;
	const { rows } = await sql<{ id: string }>`
		select id from graphile_worker.add_job(${task}, max_attempts => 1)`.execute(db);
	await sql`select graphile_worker.permanently_fail_jobs(${rows.map(({ id }) => id)}::bigint[], 'no')`.execute(db);
	expect(await read(`gatehouse_jobs{task="${task}",state="failed"}`)).toBe(1);
	await sql`select graphile_worker.complete_jobs(${rows.map(({ id }) => id)}::bigint[])`.execute(db);
	expect(await read(`gatehouse_jobs{task="${task}",state="failed"}`)).toBeUndefined();
});

test('a job is counted by how its run ended', async () => {
	const run = (name: keyof Jobs, payload: object, attempts: number) => async () => {
		const helpers = { job: { id: '1', attempts, max_attempts: 2 } };
		await Promise.resolve(tasks[name]!(payload, helpers as never)).catch(() => undefined);
	};
	const runs = (task: keyof Jobs, outcome: string) => `gatehouse_job_runs_total{task="${task}",outcome="${outcome}"}`;
	const unusable = { signUpId: 'none' };
	expect(await growth(runs('verification', 'failed'), run('verification', unusable, 1))).toBe(1);
	expect(await growth(runs('verification', 'given_up'), run('verification', unusable, 2))).toBe(1);
	expect(await growth(runs('release_jobs', 'done'), run('release_jobs', {}, 1))).toBe(1);
});

test('each connection is waited for, by whichever way it is asked for', async () => {
	// Reading takes one itself, to look at the queue.
	const waits = 'gatehouse_pool_wait_seconds_count';
	expect(await growth(waits, () => sql`select 1`.execute(db))).toBe(2);
	expect(await growth(waits, () => pool.query('select 1'))).toBe(2);
	await expect(pool.query('select nonsense')).rejects.toThrow('nonsense');
	expect(await read('gatehouse_database_up')).toBe(1);
	expect(await read('gatehouse_pool_connections{state="waited_for"}')).toBe(0);
});
