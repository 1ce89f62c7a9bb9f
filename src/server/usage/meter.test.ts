import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeOrg } from '../../../tests/fixtures.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { transaction, type Db } from '../db.ts';
import { Meter } from './meter.ts';
import { addDayUses, type DayUse } from './queries.ts';

type Run = typeof transaction;
const away = () => Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });

/** A meter of an organisation's calls, as another process has it; `run` may fail as a database does. */
async function newProcess(run?: Run) {
	const { id: orgId } = await makeOrg();
	const written: DayUse[][] = [];
	const meter = new Meter<DayUse>(
		{
			name: 'test',
			keyOf: (use) => `${use.orgId} ${use.id}`,
			sum: (known, { used }) => ({ ...known, used: known.used + used }),
			write: (tx, uses) => {
				written.push(uses);
				return addDayUses(tx, uses);
			}
		},
		run
	);
	const use = { orgId, day: '2030-01-31', measure: 'calls', kind: 'user', used: 1 } as const;
	const rows = () =>
		asSystem((tx) => tx.selectFrom('usageDay').where('orgId', '=', orgId).select(['actorId', 'used']).execute());
	const total = async () => (await rows()).reduce((sum, { used }) => sum + Number(used), 0);
	const count = (id: string, org = orgId) => meter.count({ ...use, id, orgId: org });
	return { count, flush: () => meter.flush(), written, total };
}

/** Fails a number of times, before the work or after its commit, as when a connection breaks. */
function failing(times: number, isCommitted: boolean): Run {
	return async <T>(work: (tx: Db) => Promise<T>) => {
		if (times-- <= 0) return transaction(work);
		if (isCommitted) await transaction(work);
		throw away();
	};
}

test('many calls are one row, and one statement, without anybody asking for it', async () => {
	const { count, written, total } = await newProcess();
	const [ada, bob] = [randomUUID(), randomUUID()];
	for (let nth = 0; nth < 500; nth++) count(nth % 5 === 0 ? ada : bob);
	await expect.poll(total, { timeout: 5000 }).toBe(500);
	expect(written.map((uses) => uses.map(({ used }) => used).sort())).toEqual([[100, 400]]);
	count(ada);
	await expect.poll(total, { timeout: 5000 }).toBe(501);
});

test('what is counted while a batch is written is in the next one', async () => {
	const { count, flush, written, total } = await newProcess();
	const ada = randomUUID();
	count(ada);
	const first = flush();
	count(ada);
	await Promise.all([first, flush()]);
	expect(await total()).toBe(2);
	expect(written.flat().reduce((sum, { used }) => sum + used, 0)).toBe(2);
});

test.for([false, true])(
	'a connection that breaks loses nothing and counts nothing twice, committed: %s',
	async (is) => {
		const { count, flush, total, written } = await newProcess(failing(1, is));
		const ada = randomUUID();
		for (let nth = 0; nth < 20; nth++) count(ada);
		await expect(flush()).rejects.toThrow('gone');
		count(ada);
		await flush();
		expect(await total()).toBe(21);
		expect(written.map(([use]) => use!.used)).toEqual([20, 1]);
	}
);

test('while the database is away nothing is given up', async () => {
	const { count, flush, total } = await newProcess(failing(30, false));
	const ada = randomUUID();
	for (let nth = 0; nth < 30; nth++) {
		count(ada);
		await expect(flush()).rejects.toThrow('gone');
	}
	await flush();
	expect(await total()).toBe(30);
});

test('a batch that cannot be written is given up after ten times, and those after it are written', async () => {
	const { count, flush, total } = await newProcess();
	count('no id');
	for (let nth = 0; nth < 10; nth++) await expect(flush()).rejects.toThrow();
	count(randomUUID());
	await flush();
	expect(await total()).toBe(1);
});

test('an organization that is gone keeps no other’s counts back', async () => {
	const { count, flush, total } = await newProcess();
	const ada = randomUUID();
	count(ada, randomUUID());
	count(ada);
	await flush();
	expect(await total()).toBe(1);
});

test('twenty processes that write the same rows do not hold each other up', async () => {
	const people = Array.from({ length: 20 }, () => randomUUID());
	const { id: orgId } = await makeOrg();
	const use = { orgId, day: '2030-01-31', measure: 'calls', kind: 'user', used: 1 } as const;
	const processes = Array.from(
		{ length: 20 },
		() => new Meter<DayUse>({ name: 'test', keyOf: ({ id }) => id, sum: (known) => known, write: addDayUses })
	);
	for (const [nth, meter] of processes.entries()) {
		for (const id of nth % 2 ? people : people.toReversed()) meter.count({ ...use, id });
	}
	await Promise.all(processes.map((meter) => meter.flush()));
	const rows = await asSystem((tx) => tx.selectFrom('usageDay').where('orgId', '=', orgId).select('used').execute());
	expect(rows).toEqual(Array(20).fill({ used: '20' }));
});
