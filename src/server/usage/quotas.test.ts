import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newOrg, putCustomers, send } from '../../../tests/customers.ts';
import { makeOrg, makeUser, newEmail, race } from '../../../tests/fixtures.ts';
import { lastMail, mailTo } from '../../../tests/mailbox.ts';
import { enterOrg } from '../auth/access.ts';
import { db, transaction, type Db } from '../db.ts';

/** Grants an organisation of this test a number of something. */
const grant = (id: string, quota: string, most: number) =>
	sql`update org set features = features || jsonb_build_object(${quota}::text, ${most}::int) where id = ${id}`.execute(
		db
	);

const usedOf = async (orgId: string, feature: string) =>
	(
		await db
			.selectFrom('quotaUse')
			.where('orgId', '=', orgId)
			.where('feature', '=', feature)
			.select('used')
			.executeTakeFirst()
	)?.used ?? '0';

const inside = <T>(orgId: string, work: (tx: Db) => Promise<T>) =>
	transaction((tx) => enterOrg(tx, orgId).then(() => work(tx)));

const FIVE = `name,email\n${[0, 1, 2, 3, 4].map((n) => `Customer ${n},c${n}@x.test`).join('\n')}`;

describe('an organization’s copy of its tier', () => {
	test('begins as the free one, and stays what it was when the tier is edited', async () => {
		const { api } = await makeUser();
		const { id } = await api.orgs.create({ name: 'Acme' });
		const copy = async (on: Db) => (await on.selectFrom('org').where('id', '=', id).select('features').execute())[0];
		const before = await copy(db);
		expect(before?.features).toEqual({
			...{ members: 10, api_keys: 5, customers: 10_000, api_calls: 10_000, ai_tokens: 50_000 },
			audit_export: false
		});
		const edited = transaction(async (tx) => {
			await sql`update tier set features = features || '{"members": 1}' where key = 'free'`.execute(tx);
			expect(await copy(tx)).toEqual(before);
			await tx.updateTable('org').where('id', '=', id).set({ tier: 'free' }).execute();
			throw Object.assign(new Error('undone'), await copy(tx));
		});
		await expect(edited).rejects.toMatchObject({ message: 'undone', features: { members: 1 } });
	});
});

describe('a standing quota', () => {
	test('of twenty who want the last one, one gets it', async () => {
		const { id, slug, members } = await makeOrg('member');
		await grant(id, 'customers', 1);
		const { won, lost } = await race(20, () =>
			members[0].api.customers.create({ org: slug, name: 'Ada', email: newEmail() })
		);
		expect(won).toHaveLength(1);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['quota_exceeded']));
		expect(await usedOf(id, 'customers')).toBe('1');
	});

	test('says how much the plan includes, and which one includes more', async () => {
		const { slug, members, id } = await makeOrg('member');
		await grant(id, 'customers', 0);
		const create = () => members[0].api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		await expect(create()).rejects.toMatchObject({
			code: 'PAYMENT_REQUIRED',
			message: 'Your plan includes 0 customers, and they are used up. The Free plan includes 10,000 customers.'
		});
		await grant(id, 'customers', -1);
		await create();
	});

	test('is given back with what is deleted, and keeps count of whatever writes', async () => {
		const { id, slug, members } = await makeOrg('org_admin');
		const { api } = members[0];
		const ada = await api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		await inside(id, (tx) =>
			sql`insert into customer (org_id, name, email) select ${id}, 'Bo', ${newEmail()} || n from generate_series(1, 9) n`.execute(
				tx
			)
		);
		expect(await usedOf(id, 'customers')).toBe('10');
		await api.customers.delete({ org: slug, id: ada.id });
		expect(await usedOf(id, 'customers')).toBe('9');
		await api.orgs.delete({ org: slug, confirm: slug });
		expect(await usedOf(id, 'customers')).toBe('0');
	});

	test('counts members as they come and go, also when their account goes', async () => {
		const { id } = await makeOrg('org_admin', 'member', 'readonly');
		expect(await usedOf(id, 'members')).toBe('3');
		const { id: userId } = await makeUser();
		await db.insertInto('membership').values({ orgId: id, userId, role: 'member' }).execute();
		expect(await usedOf(id, 'members')).toBe('4');
		await db.deleteFrom('user').where('id', '=', userId).execute();
		expect(await usedOf(id, 'members')).toBe('3');
	});

	test('keeps an invitation good that finds no room', async () => {
		const { id, slug, members } = await makeOrg('org_admin');
		await grant(id, 'members', 1);
		const guest = await makeUser();
		await members[0].api.invitations.create({ org: slug, email: guest.email, role: 'member' });
		const [waiting] = await guest.api.invitations.mine();
		await expect(guest.api.invitations.acceptMine({ id: waiting!.id })).rejects.toMatchObject({
			reason: 'quota_exceeded'
		});
		await grant(id, 'members', 2);
		await guest.api.invitations.acceptMine({ id: waiting!.id });
		expect(await usedOf(id, 'members')).toBe('2');
	});

	test('is filled up by an import, which says which rows found no room', async () => {
		const { id, org, member } = await newOrg();
		await putCustomers(id, [{ name: 'Known', email: 'c1@x.test' }]);
		await grant(id, 'customers', 3);
		const { report } = await send(member, org, FIVE);
		const over = 'Your plan includes 3 customers, and they are used up. The Free plan includes 10,000 customers.';
		expect(report).toEqual({
			imported: 2,
			refused: [
				{ line: 3, email: 'c1@x.test', reason: expect.stringContaining('address already') as string },
				{ line: 5, email: 'c3@x.test', reason: over },
				{ line: 6, email: 'c4@x.test', reason: over }
			],
			kept: true
		});
		expect((await send(member, org, FIVE, true)).report).toMatchObject({ imported: 0, kept: false });
		expect((await member.api.customers.list({ org })).total).toBe(3);
	});
});

describe('the warning', () => {
	test('comes at 80 % and at 100 %, once each, and again after the use has fallen', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member');
		const [{ api, email }, member] = members;
		await grant(id, 'customers', 5);
		const create = () => api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		for (let n = 0; n < 3; n++) await create();
		const fourth = await create();
		expect((await lastMail(email, /80 %/)).text).toContain('4 customers of the 5 customers');
		await create();
		await lastMail(email, /100 %/);
		await api.customers.delete({ org: slug, id: fourth.id });
		await create();
		await expect
			.poll(async () => (await mailTo(email)).map(({ subject }) => subject.match(/\d+ %/)?.[0]))
			.toEqual(['100 %', '100 %', '80 %']);
		expect(await mailTo(member.email)).toEqual([]);
	});

	test('of a step that jumps both, only the second is told', async () => {
		const { id, members } = await makeOrg('org_admin');
		await grant(id, 'customers', 10);
		await inside(id, (tx) =>
			sql`insert into customer (org_id, name, email) select ${id}, 'Bo', ${newEmail()} || n from generate_series(1, 10) n`.execute(
				tx
			)
		);
		await lastMail(members[0].email, /100 %/);
		expect(await mailTo(members[0].email)).toHaveLength(1);
	});

	test('of a month comes once each, however often it is given back, and anew when the plan has changed', async () => {
		const { id, members } = await makeOrg('org_admin');
		const month = new Date();
		const use = (amount: number) => sql`select use_quota(${id}, 'api_calls', ${month}, ${amount})`.execute(db);
		const told = async () => (await mailTo(members[0].email)).map(({ subject }) => subject.match(/\d+ %/)?.[0]).sort();
		await grant(id, 'api_calls', 100);
		for (const amount of [79, 2, -2, 2, -2, 21, -21, 21]) await use(amount);
		await expect.poll(told).toEqual(['100 %', '80 %']);
		await grant(id, 'api_calls', 1000);
		for (const amount of [600, -600, 701, -10, 10]) await use(amount);
		await expect.poll(told).toEqual(['100 %', '80 %', '80 %']);
	});
});

describe('a month of a subscription', () => {
	const monthSince = async (anchor: string, moment: string) => {
		const { rows } = await sql<{ began: Date }>`
			select month_since(${anchor}::timestamptz, ${moment}::timestamptz) as began`.execute(db);
		return rows[0]!.began.toISOString();
	};

	test.for([
		['2026-01-31T10:00:00Z', '2026-02-28T09:59:59Z', '2026-01-31T10:00:00.000Z'],
		['2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z'],
		['2026-01-31T10:00:00Z', '2026-03-31T09:00:00Z', '2026-02-28T10:00:00.000Z'],
		['2026-01-31T10:00:00Z', '2026-03-31T10:00:00Z', '2026-03-31T10:00:00.000Z'],
		['2026-01-31T10:00:00Z', '2028-02-29T23:00:00Z', '2028-02-29T10:00:00.000Z'],
		['2026-05-15T00:00:00Z', '2026-05-15T00:00:00Z', '2026-05-15T00:00:00.000Z'],
		['2026-05-15T00:00:00Z', '2026-05-14T00:00:00Z', '2026-05-15T00:00:00.000Z'],
		['2025-12-31T23:30:00Z', '2026-01-01T00:00:00Z', '2025-12-31T23:30:00.000Z'],
		['2025-12-31T23:30:00Z', '2027-01-01T00:00:00Z', '2026-12-31T23:30:00.000Z']
	])('that began on %s: at %s it is the one of %s', async ([anchor, moment, began]) => {
		expect(await monthSince(anchor!, moment!)).toBe(began);
	});
});
