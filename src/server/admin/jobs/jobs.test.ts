import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { makeUser, newEmail, race } from '../../../../tests/fixtures.ts';
import { db } from '../../db.ts';

const operator = await makeUser({ sysAdmin: true });
const { jobs, log } = operator.api.admin;

/** A task that nobody works on. */
const newTask = () => `idle_${randomUUID()}`;

async function add(task: string, count: number, key: string | null = null): Promise<string[]> {
	const { rows } = await sql<{ id: string }>`
		select (graphile_worker.add_job(
			${task}, json_build_object('email', 'ada@example.com'), max_attempts => 3, job_key => ${key}
		)).id from generate_series(1, ${count})`.execute(db);
	return rows.map(({ id }) => id);
}

const fail = (ids: string[], error = 'Out of order') =>
	sql`select from graphile_worker.permanently_fail_jobs(${ids}::bigint[], ${error})`.execute(db);

/** As a worker has it that works on it. */
const begin = (id: string) =>
	sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker' where id = ${id}`.execute(db);

test('jobs are told by state, task and page, without what they were told themselves', async () => {
	const task = newTask();
	const [failed, running, ...waiting] = await add(task, 4);
	await fail([failed!], 'x'.repeat(5000));
	await begin(running!);
	const all = await jobs.list({ task, limit: 3 });
	expect(all).toMatchObject({ total: 4, items: [{ state: 'waiting' }, { state: 'waiting' }, { state: 'running' }] });
	const rest = await jobs.list({ task, limit: 3, cursor: all.nextCursor! });
	expect(rest).toMatchObject({
		nextCursor: null,
		total: null,
		items: [{ id: failed, task, state: 'failed', attempts: 3, maxAttempts: 3, canRetry: true }]
	});
	expect(rest.items[0]!.lastError).toHaveLength(2000);
	expect(JSON.stringify([all, rest])).not.toContain('ada@');
	const idsOf = async (state: 'waiting' | 'running' | 'failed') =>
		(await jobs.list({ task, state })).items.map(({ id }) => id);
	expect(await idsOf('waiting')).toEqual(waiting.toReversed());
	expect(await idsOf('running')).toEqual([running]);
	expect(await idsOf('failed')).toEqual([failed]);
	expect(await jobs.tasks()).toContainEqual(expect.objectContaining({ task, waiting: 2, running: 1, failed: 1 }));
});

test('one that failed is tried again once, by twenty at once, too', async () => {
	const [id] = await add(newTask(), 1);
	await fail([id!]);
	const { won, lost } = await race(20, () => jobs.retry({ id: id! }));
	expect(won).toEqual([{ retried: 1 }]);
	expect(lost).toMatchObject(Array(19).fill({ reason: 'conflict' }));
});

test('of a task all that failed are tried again, and no other', async () => {
	const task = newTask();
	const [first, second, running, waiting] = await add(task, 4);
	await fail([first!, second!]);
	await begin(running!);
	const { won } = await race(20, () => jobs.retry({ task }));
	expect(won.map(({ retried }) => retried).sort()).toEqual([...Array<number>(19).fill(0), 2]);
	const { items } = await jobs.list({ task });
	const states = items.map(({ id, state, attempts }) => [id, state, attempts]);
	expect(states.sort()).toEqual(
		[
			[first, 'waiting', 0],
			[second, 'waiting', 0],
			[running, 'running', 0],
			[waiting, 'waiting', 0]
		].sort()
	);
	const entries = (await log.list({ actorId: operator.id, action: 'job.retried' })).items;
	expect(entries.filter(({ target }) => target?.name === task)).toMatchObject([{ details: { count: 2 } }]);
});

test('one that runs, waits or is gone is refused', async () => {
	const [running, waiting, gone] = await add(newTask(), 3);
	await begin(running!);
	await sql`select from graphile_worker.complete_jobs(${[gone]}::bigint[])`.execute(db);
	for (const id of [running!, waiting!]) {
		await expect(jobs.retry({ id })).rejects.toMatchObject({ reason: 'conflict' });
	}
	await expect(jobs.retry({ id: gone! })).rejects.toMatchObject({ reason: 'not_found' });
	for (const input of [{}, { id: '1', task: 'mail' }, { id: '9'.repeat(19) }, { id: '-1' }, { id: 1 }, { task: 5 }])
		await expect(jobs.retry(input as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a mail that was given up has nothing left to send', async () => {
	const mail = { to: newEmail(), template: 'reset', failedAt: new Date() };
	const { id: mailId } = await db.insertInto('mail').values(mail).returning('id').executeTakeFirstOrThrow();
	const [id] = await add('mail', 1, mailId);
	await fail([id!]);
	expect((await jobs.list({ task: 'mail', state: 'failed' })).items).toContainEqual(
		expect.objectContaining({ id, canRetry: false })
	);
	await expect(jobs.retry({ id: id! })).rejects.toMatchObject({
		reason: 'conflict',
		message: expect.stringMatching(/content is gone/) as string
	});
});

test.for(['x', '', 'W10', 'WyInIl0', Buffer.from('["1e3"]').toString('base64url')])(
	'there is no page at %j',
	async (cursor) => {
		await expect(jobs.list({ cursor })).rejects.toMatchObject({ reason: 'invalid' });
	}
);
