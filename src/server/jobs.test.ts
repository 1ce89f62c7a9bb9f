import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { db } from './db.ts';
import { dropGivenUp, everyMinutes, releaseJobs, startJobs } from './jobs.ts';

/** A job that nobody here knows how to do, as `set` says. */
async function makeJob(set: ReturnType<typeof sql>): Promise<string> {
	const name = randomUUID();
	await sql`select graphile_worker.add_job(${name})`.execute(db);
	const { rows } = await sql<{ id: string }>`
		update graphile_worker._private_jobs set ${set}
		where id = (select id from graphile_worker.jobs where task_identifier = ${name}) returning id`.execute(db);
	return rows[0]!.id;
}

const findJob = async (id: string) => {
	const { rows } = await sql<{ lockedBy: string | null }>`
		select locked_by from graphile_worker.jobs where id = ${id}`.execute(db);
	return rows[0];
};

const held = (worker: string, minutes: number) =>
	makeJob(sql`locked_by = ${worker}, locked_at = now() - make_interval(mins => ${minutes})`);

describe('jobs of a worker', () => {
	test('that died are free again, after a while', async () => {
		const [old, recent] = [await held(`pool-${randomUUID()}`, 3), await held(`pool-${randomUUID()}`, 1)];
		await releaseJobs(db);
		expect(await findJob(old)).toEqual({ lockedBy: null });
		expect(await findJob(recent)).not.toEqual({ lockedBy: null });
	});

	test('that lives are its own, however long they take', async () => {
		const runner = await startJobs();
		const worker = await new Promise<string>((found) => {
			runner.events.once('worker:getJob:empty', ({ worker: { workerPool } }) => found(workerPool.id));
		});
		const job = await held(worker, 60);
		await releaseJobs(db);
		expect(await findJob(job)).toEqual({ lockedBy: worker });
		await runner.stop();
		// The connection that held its lock is still closing when the worker says that it has stopped.
		const release = async () => void (await releaseJobs(db));
		await expect.poll(() => release().then(() => findJob(job)), { timeout: 10_000 }).toEqual({ lockedBy: null });
	});
});

test('jobs given up long ago are dropped, and no others', async () => {
	const spent = (days: number, attempts: number) =>
		makeJob(sql`attempts = ${attempts}, max_attempts = 13, updated_at = now() - make_interval(days => ${days})`);
	const [old, recent, waiting] = [await spent(91, 13), await spent(89, 13), await spent(91, 12)];
	expect(await dropGivenUp(db, 100)).toBe(1);
	expect(await Promise.all([old, recent, waiting].map(findJob))).toMatchObject([undefined, {}, {}]);
});

test.for([1, 7, 15, 45, 720, 1440])('every %i minutes comes round in time, also over midnight', (minutes) => {
	const match = everyMinutes(minutes);
	const day = Array.from({ length: 1440 }, (_, minute) => ({ hour: Math.floor(minute / 60), min: minute % 60 }));
	const at = day.flatMap((time, minute) => (match({ ...time, date: 1, month: 1, dow: 1 }) ? [minute] : []));
	const waits = at.map((minute, index) => (at[index + 1] ?? 1440) - minute);
	expect(at[0]).toBe(0);
	expect(Math.max(...waits)).toBe(minutes);
});
