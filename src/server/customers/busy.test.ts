import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { inside, newOrg, putCustomers, send } from '../../../tests/customers.ts';
import { newEmail } from '../../../tests/fixtures.ts';
import { db, type Db } from '../db.ts';

const rows = (count: number) =>
	`name,email\n${Array.from({ length: count }, (_, n) => `Customer ${n},c${n}@x.test`).join('\n')}`;

/** Resolves when another transaction waits for this one. */
async function isWaitedFor(tx: Db) {
	const { pid } = await tx.selectNoFrom(sql<number>`pg_backend_pid()`.as('pid')).executeTakeFirstOrThrow();
	const waiting = sql`select pid from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`;
	await expect
		.poll(async () => (await waiting.execute(db)).rows.length, { interval: 10, timeout: 10_000 })
		.toBeGreaterThan(0);
}

/** Gives a customer another address: adding one would make the import wait at its beginning. */
const move = (tx: Db, orgId: string, from: string, to: string) =>
	tx.updateTable('customer').where('orgId', '=', orgId).where('email', '=', from).set({ email: to }).execute();

type Org = Awaited<ReturnType<typeof newOrg>>;

/** Does `work` while an import waits for its last row; answers the import's report. */
async function halfway({ id, org, member }: Org, work: (tx: Db) => Promise<unknown>) {
	await putCustomers(id, [
		{ name: 'First', email: 'first@x.test' },
		{ name: 'Last', email: 'last@x.test' }
	]);
	const sent = await inside(id, async (tx) => {
		await move(tx, id, 'last@x.test', 'c600@x.test');
		const report = send(member, org, rows(601));
		await isWaitedFor(tx);
		await work(tx);
		return { report };
	});
	return (await sent.report).report;
}

describe('while an import is under way', () => {
	test('the organization has no other one', async () => {
		const own = await newOrg();
		const report = await halfway(own, () =>
			expect(send(own.member, own.org, rows(1))).rejects.toMatchObject({
				reason: 'conflict',
				message: expect.stringContaining('under way') as string
			})
		);
		expect(report).toMatchObject({ imported: 600, refused: [{ line: 602 }], kept: true });
	});

	test('whoever adds a customer or takes one of its addresses is refused soon, and the import is kept', async () => {
		const own = await newOrg();
		const { org, member } = own;
		const { api } = member;
		const { id } = await api.customers.create({ org, name: 'Ada', email: 'c550@x.test' });
		const report = await halfway(own, async () => {
			const refused = { reason: 'conflict', message: expect.stringContaining('importing or changing') as string };
			await expect(api.customers.update({ org, id, email: 'c1@x.test' })).rejects.toMatchObject(refused);
			await expect(api.customers.create({ org, name: 'Ada', email: 'c1@x.test' })).rejects.toMatchObject(refused);
			await expect(api.customers.create({ org, name: 'Bo', email: newEmail() })).rejects.toMatchObject(refused);
			await api.customers.update({ org, id, name: 'Augusta Ada' });
		});
		expect(report.imported).toBe(599);
	});

	test('it is told in words when it has to give way', async () => {
		const own = await newOrg();
		// PostgreSQL ends the transaction that has waited for a second first.
		const report = await halfway(own, (tx) => sleep(500).then(() => move(tx, own.id, 'first@x.test', 'c1@x.test')));
		expect(report).toEqual({ message: expect.stringContaining('try again') as string });
		expect((await own.member.api.customers.list({ org: own.org })).total).toBe(2);
	});

	test('another one has a turn, few wait, and the others work', async () => {
		const [one, two, three] = [await newOrg(), await newOrg(), await newOrg()];
		await halfway(one, () =>
			halfway(two, async () => {
				const waiting = Array.from({ length: 7 }, () => send(three.member, three.org, rows(1)));
				await expect(Promise.race(waiting)).rejects.toMatchObject({ reason: 'overloaded' });
				for (const sent of waiting) sent.catch(() => undefined);
				expect((await three.member.api.customers.list({ org: three.org })).total).toBe(0);
			})
		);
		await expect.poll(() => three.member.api.customers.list({ org: three.org }).then(({ total }) => total)).toBe(1);
	});
});

test('nobody enters customers of an organization that is being deleted', async () => {
	for (const enter of [
		({ org, member }: Org) =>
			member.api.customers.create({ org, name: 'Ada', email: 'ada@x.test' }).catch((error: unknown) => error),
		({ org, member }: Org) => send(member, org, rows(1)).then(({ report }) => report)
	]) {
		const own = await newOrg();
		const { entered } = await inside(own.id, async (tx) => {
			await tx.deleteFrom('org').where('id', '=', own.id).execute();
			const entered = enter(own);
			await isWaitedFor(tx);
			return { entered };
		});
		expect(await entered).toMatchObject({ message: 'Organization not found.' });
	}
});

test('adding customers reads no words of others, however many there are', async () => {
	const { id } = await newOrg();
	// The view counts what the connection has done before, too, until its figures are handed in.
	const scansOf = (tx: Db) =>
		sql`select seq_scan + idx_scan as scans from pg_stat_xact_user_tables where relname = 'customer_word'`.execute(tx);
	const [before, after] = await inside(id, async (tx) => {
		const before = await scansOf(tx);
		await tx.insertInto('customer').values({ orgId: id, name: 'Ada', email: 'ada@x.test' }).execute();
		return [before, await scansOf(tx)];
	});
	expect(after.rows).toEqual(before.rows);
});
