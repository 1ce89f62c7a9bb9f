import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeUser, newEmail, race } from '../../../tests/fixtures.ts';
import { alone, db, transaction } from '../db.ts';
import { BATCH } from './queries.ts';
import { parts, prune } from './service.ts';

async function pruneAll(): Promise<void> {
	for (const run of Object.values(parts())) await run();
}

test('more than a batch goes in one run', async () => {
	const to = newEmail();
	await sql`
		insert into mail ("to", template, created_at)
		select ${to}, 'reset', now() - interval '91 days' from generate_series(1, ${2 * BATCH + 1})`.execute(db);
	await pruneAll();
	expect(await db.selectFrom('mail').where('to', '=', to).select('id').execute()).toEqual([]);
});

test('a row that somebody works on is left alone, and holds nobody up', async () => {
	const { id } = await makeUser();
	const [locked, free] = [randomUUID(), randomUUID()];
	const past = { userId: id, remembered: false, ip: '', device: '', expiresAt: new Date(Date.now() - 8 * 86_400_000) };
	await db
		.insertInto('session')
		.values([
			{ ...past, id: locked },
			{ ...past, id: free }
		])
		.execute();
	const left = async () => {
		const rows = await db.selectFrom('session').where('id', 'in', [locked, free]).select('id').execute();
		return rows.map((row) => row.id);
	};
	await transaction(async (tx) => {
		await tx.selectFrom('session').where('id', '=', locked).select('id').forUpdate().execute();
		await pruneAll();
		expect(await left()).toEqual([locked]);
	});
	await pruneAll();
	expect(await left()).toEqual([]);
});

describe('a run', () => {
	test('is the only one', async () => {
		let working = 0;
		let most = 0;
		const gate = Promise.withResolvers<void>();
		const slow = async () => {
			most = Math.max(most, ++working);
			await gate.promise;
			working--;
		};
		const first = prune({ slow });
		await expect.poll(() => working).toBe(1);
		const { won } = await race(19, () => prune({ slow }));
		expect(won).toEqual(Array(19).fill(false));
		gate.resolve();
		expect(await first).toBe(true);
		expect(most).toBe(1);
		expect(await prune({ slow })).toBe(true);
	});

	test('that lost its lock with its connection is in nobody’s way', async () => {
		const lock = 4711;
		const gate = Promise.withResolvers<void>();
		const lost = alone(lock, () => gate.promise);
		const kill = async () => {
			const { rows } = await sql`
				select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = ${lock}
					and database = (select oid from pg_database where datname = current_database())`.execute(db);
			return rows.length;
		};
		await expect.poll(kill).toBe(1);
		await expect.poll(() => alone(lock, () => Promise.resolve())).toBe(true);
		gate.resolve();
		expect(await lost).toBe(true);
	});

	test('goes on past what fails, and fails in the end', async () => {
		const done: string[] = [];
		const note = (name: string) => () => Promise.resolve(done.push(name));
		const fail = () => Promise.reject(new Error('out of order'));
		const run = prune({ first: note('first'), second: fail, third: note('third'), fourth: fail });
		await expect(run).rejects.toThrow('Pruning failed for: second, fourth.');
		expect(done).toEqual(['first', 'third']);
		expect(await prune({ first: note('again') })).toBe(true);
	});
});
