import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newEmail } from '../../../tests/fixtures.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { db } from '../db.ts';
import { addDayUses } from '../usage/queries.ts';
import { BATCH, deleteSome, pastRows } from './queries.ts';
import { parts } from './service.ts';

const KEEP = { sessionDays: 7, eventDays: 365, idle: 4 * 3600 };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const hoursAgo = (hours: number) => daysAgo(hours / 24);

/** What the parts delete, of a run of this test's own. */
async function pruneAll(): Promise<void> {
	for (const run of Object.values(parts(KEEP))) await run();
}

async function makeSession(userId: string, row: { expiresAt?: Date; lastSeenAt?: Date; remembered?: boolean }) {
	const values = { userId, id: randomUUID(), ip: '', device: '', remembered: false, expiresAt: daysAgo(-30), ...row };
	await db.insertInto('session').values(values).execute();
	return values.id;
}

const sessionsOf = async (userId: string, on = db) => {
	const rows = await on.selectFrom('session').where('userId', '=', userId).select('id').execute();
	return rows.map(({ id }) => id);
};

describe('what is pruned, and what is kept', () => {
	test('sessions over for longer than the retention, by their end or by idling', async () => {
		const { id, sessionId } = await makeUser();
		const kept = [
			sessionId,
			await makeSession(id, { expiresAt: daysAgo(6.99) }),
			await makeSession(id, { lastSeenAt: hoursAgo(7 * 24 + 3.9) }),
			await makeSession(id, { lastSeenAt: daysAgo(29), remembered: true })
		];
		await makeSession(id, { expiresAt: daysAgo(7.01) });
		await makeSession(id, { expiresAt: daysAgo(7.01), remembered: true });
		await makeSession(id, { lastSeenAt: hoursAgo(7 * 24 + 4.1) });
		await pruneAll();
		expect((await sessionsOf(id)).sort()).toEqual(kept.sort());
	});

	test('with a retention of no days, a session as soon as it is over; without idle time, none for idling', async () => {
		const { id, sessionId } = await makeUser();
		const idle = await makeSession(id, { lastSeenAt: daysAgo(29) });
		await makeSession(id, { expiresAt: hoursAgo(0.01) });
		const rules = pastRows({ ...KEEP, sessionDays: 0, idle: 0 });
		// Rolled back: the sessions of other tests are not ours to delete.
		const tx = await db.startTransaction().execute();
		for (const name of ['expired sessions', 'idle sessions']) await deleteSome(tx, rules[name]!);
		const left = await sessionsOf(id, tx);
		await tx.rollback().execute();
		expect(left.sort()).toEqual([sessionId, idle].sort());
	});

	test('links that expired a week ago, invitations that expired a month ago', async () => {
		const { id: userId, email } = await makeUser();
		const { id: orgId } = await makeOrg();
		const hash = randomUUID();
		for (const days of [7.01, 6.99]) {
			const expiresAt = daysAgo(days);
			const token = { kind: 'reset', userId, email, expiresAt, hash: `${hash} ${days}` } as const;
			await db.insertInto('token').values(token).execute();
			await db.insertInto('emailUndo').values({ userId, email, expiresAt, tokenHash: token.hash }).execute();
			const { id: changing } = await makeUser();
			const change = { userId: changing, email: newEmail(), expiresAt, tokenHash: token.hash };
			await db.insertInto('emailChange').values(change).execute();
			await db.insertInto('signUp').values({ email, passwordHash: '', browserHash: '', expiresAt }).execute();
		}
		for (const days of [30.01, 29.99]) {
			const row = { orgId, role: 'member', email: newEmail(), tokenHash: `${hash} ${days}` } as const;
			await db
				.insertInto('invitation')
				.values({ ...row, expiresAt: daysAgo(days) })
				.execute();
		}
		await pruneAll();
		const tokens = await db.selectFrom('token').where('userId', '=', userId).select('hash').execute();
		expect(tokens).toEqual([{ hash: `${hash} 6.99` }]);
		for (const table of ['emailUndo', 'emailChange'] as const) {
			const rows = await db.selectFrom(table).where('tokenHash', 'like', `${hash}%`).select('tokenHash').execute();
			expect(rows, table).toEqual([{ tokenHash: `${hash} 6.99` }]);
		}
		expect(await db.selectFrom('signUp').where('email', '=', email).select('id').execute()).toHaveLength(1);
		const invitations = await db.selectFrom('invitation').where('orgId', '=', orgId).select('tokenHash').execute();
		expect(invitations).toEqual([{ tokenHash: `${hash} 29.99` }]);
	});

	test('mail a month after it went out, other mail after three, and what development sent', async () => {
		const to = newEmail();
		const mail = (createdAt: Date, set: { sentAt?: Date; failedAt?: Date } = {}) =>
			db
				.insertInto('mail')
				.values({ to, template: 'reset', createdAt, ...set })
				.execute();
		await mail(daysAgo(31), { sentAt: daysAgo(30.01) });
		await mail(daysAgo(91), { failedAt: daysAgo(90) });
		await mail(daysAgo(91));
		await mail(daysAgo(31), { sentAt: daysAgo(29.99) });
		await mail(daysAgo(89), { failedAt: daysAgo(88) });
		await mail(daysAgo(89));
		for (const days of [30.01, 29.99]) {
			const letter = { id: randomUUID(), to, subject: `${days}`, text: '', html: '', sentAt: daysAgo(days) };
			await db.insertInto('devMail').values(letter).execute();
		}
		await pruneAll();
		const left = await db.selectFrom('mail').where('to', '=', to).select(['sentAt', 'failedAt']).execute();
		expect(left.map(({ sentAt, failedAt }) => [!!sentAt, !!failedAt]).sort()).toEqual([
			[false, false],
			[false, true],
			[true, false]
		]);
		const sent = await db.selectFrom('devMail').where('to', '=', to).select('subject').execute();
		expect(sent).toEqual([{ subject: '29.99' }]);
	});

	test('slugs past their 90 days, counts of past days, old account events', async () => {
		const { id: orgId, slug } = await makeOrg();
		const { id: userId } = await makeUser();
		const others = { past: randomUUID(), waiting: randomUUID() };
		await db
			.insertInto('orgSlug')
			.values([
				{ slug: others.past, orgId, expiresAt: hoursAgo(0.1) },
				{ slug: others.waiting, orgId, expiresAt: hoursAgo(-1) }
			])
			.execute();
		const { id: today } = await makeOrg();
		await db
			.insertInto('invitationCount')
			.values({ orgId, day: daysAgo(3), asked: 50 })
			.execute();
		await db.insertInto('invitationCount').values({ orgId: today, asked: 50 }).execute();
		for (const days of [365.01, 364.99]) {
			const event = { userId, action: 'session.started', ip: '', device: '', requestId: `${days}` } as const;
			await db
				.insertInto('accountEvent')
				.values({ ...event, at: daysAgo(days) })
				.execute();
		}
		await pruneAll();
		const slugs = await db.selectFrom('orgSlug').where('orgId', '=', orgId).select('slug').execute();
		expect(slugs.map((row) => row.slug).sort()).toEqual([slug, others.waiting].sort());
		const counted = db.selectFrom('invitationCount').where('orgId', 'in', [orgId, today]).select('orgId');
		expect(await counted.execute()).toEqual([{ orgId: today }]);
		const events = await db.selectFrom('accountEvent').where('userId', '=', userId).select('requestId').execute();
		expect(events).toEqual([{ requestId: '364.99' }]);
	});
});

test('months of use that are over, and days of it after two years, of whatever organization', async () => {
	const { id: orgId } = await makeOrg('member');
	const months = [daysAgo(62.01), daysAgo(61.99)].map((since) => ({ orgId, feature: 'api_calls', since, used: 1 }));
	await db.insertInto('quotaUse').values(months).execute();
	const use = { orgId, measure: 'calls', kind: 'user', id: randomUUID() } as const;
	const days = [800, 700].map((past) => ({ ...use, day: daysAgo(past).toISOString().slice(0, 10), used: past }));
	await asSystem((tx) => addDayUses(tx, days));
	await pruneAll();
	const kept = await db.selectFrom('quotaUse').where('orgId', '=', orgId).select(['feature', 'since']).execute();
	expect(kept.map(({ feature }) => feature).sort()).toEqual(['api_calls', 'members']);
	expect(kept).toContainEqual({ feature: 'api_calls', since: months[1]!.since });
	const used = await asSystem((tx) => tx.selectFrom('usageDay').where('orgId', '=', orgId).select('used').execute());
	expect(used).toEqual([{ used: '700' }]);
});

test.for(Object.entries(pastRows(KEEP)))('%s are found by an index', async ([, { table, past }]) => {
	const plan = await db.transaction().execute(async (tx) => {
		await sql`set local enable_seqscan = off`.execute(tx);
		const { rows } = await sql`
			explain select ctid from ${sql.table(table)} where ${past} limit ${BATCH} for update skip locked`.execute(tx);
		return JSON.stringify(rows);
	});
	expect(plan).toMatch(/Index Cond/);
	expect(plan).not.toMatch(/Seq Scan/);
});
