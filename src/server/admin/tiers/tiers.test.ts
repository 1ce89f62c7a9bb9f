import { afterAll, describe, expect, test } from 'vitest';
import { makeOrg, makeUser, race, setTier } from '../../../../tests/fixtures.ts';
import { db } from '../../db.ts';

const operator = await makeUser({ sysAdmin: true });
const { tiers, log } = operator.api.admin;

const find = async (key: string) => (await tiers.list()).items.find((tier) => tier.key === key)!;
const { limits } = await find('enterprise');

/** Calls of one procedure a minute on the highest tier: so many that no other test meets them. */
const allow = (times: number) =>
	tiers.update({ key: 'enterprise', limits: { ...limits, 'audit.list': 1_000_000 + times } });

afterAll(() => tiers.update({ key: 'enterprise', limits }));

const limitsOf = async (id: string) =>
	(await db.selectFrom('org').where('id', '=', id).select('limits').executeTakeFirstOrThrow()).limits;

test('all are listed, the least first', async () => {
	const { items } = await tiers.list();
	expect(items.map(({ key }) => key)).toEqual(['free', 'pro', 'enterprise']);
	expect(items[0]).toMatchObject({
		title: 'Free',
		features: { members: 10, audit_export: false },
		limits: { '*': 600, 'customers.import': 5 }
	});
});

test('a change is for whoever is put on a tier then, and changes nobody silently', async () => {
	const { id } = await makeOrg();
	const before = await limitsOf(id);
	const { outdated } = await find('enterprise');
	expect(await allow(1)).toMatchObject({ key: 'enterprise', limits: { 'audit.list': 1_000_001 } });
	expect(await limitsOf(id)).toEqual(before);
	expect((await find('enterprise')).outdated).toBeGreaterThan(outdated);
	await setTier(id, 'enterprise');
	expect(await limitsOf(id)).toMatchObject({ 'audit.list': 1_000_001 });
	await tiers.update({ key: 'enterprise', limits });
	await tiers.update({ key: 'enterprise' });
	const { items } = await log.list({ actorId: operator.id, action: 'tier.updated' });
	expect(items).toMatchObject([
		{
			target: { name: 'enterprise' },
			details: { before: { limits: { 'audit.list': 1_000_001 } }, after: {} }
		},
		{ details: { before: {}, after: { limits: { 'audit.list': 1_000_001 } } } }
	]);
});

test('of twenty changes at once each knows what was there before', async () => {
	const { won } = await race(20, (n) => allow(100 + n));
	expect(won).toHaveLength(20);
	const { items } = await log.list({ actorId: operator.id, action: 'tier.updated', limit: 20 });
	type Side = { limits?: { 'audit.list': number } };
	const sides = items.map(({ details }) => details as { before: Side; after: Side });
	const after = sides.map((side) => side.after.limits?.['audit.list']);
	const before = sides.map((side) => side.before.limits?.['audit.list']);
	expect(new Set(after).size).toBe(20);
	expect(before.filter((value) => !after.includes(value))).toEqual([undefined]);
});

describe('a tier cannot', () => {
	test.for<object>([
		{ features: { members: -2 } },
		{ features: { members: 1.5 } },
		{ features: { members: '10' } },
		{ features: { members: true } },
		{ features: { members: 1e13 } },
		{ features: { audit_export: 1 } },
		{ features: { unheard_of: 5 } },
		{ limits: { 'customers.imports': 5 } },
		{ limits: { 'auth.login': 5 } },
		{ limits: { constructor: 5 } },
		{ limits: { '*': 0 } },
		{ limits: { '*': 3_000_000_000 } },
		{ limits: { '*': -2 } },
		{ limits: [] },
		{ title: '' },
		{ title: 'x'.repeat(41) },
		{ title: 'a\u202eb' }
	])('be changed to %j', async (change) => {
		const before = await find('enterprise');
		const update = tiers.update({ key: 'enterprise', ...change });
		await expect(update).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		const { title, features } = await find('enterprise');
		expect({ title, features }).toEqual({ title: before.title, features: before.features });
	});

	test('be made up', async () => {
		for (const key of ['platinum', '', '__proto__', 'x'.repeat(5000)])
			await expect(tiers.update({ key, title: 'Platinum' })).rejects.toMatchObject({ reason: 'not_found' });
	});
});
