import { describe, expect, test } from 'vitest';
import { newOrg, send } from '../../../tests/customers.ts';
import { makeOrg, makeUser, newEmail, setTier } from '../../../tests/fixtures.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { inOrg } from '../auth/access.ts';
import { reserve, settle } from '../spend/service.ts';
import { flushMeters } from './meter.ts';
import { addDayUses, type DayUse } from './queries.ts';

const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

/** Puts calls of somebody into the past. */
const put = (...uses: (Pick<DayUse, 'orgId' | 'id' | 'used'> & Partial<DayUse> & { daysAgo?: number })[]) =>
	asSystem((tx) =>
		addDayUses(
			tx,
			uses.map(({ daysAgo = 3, ...use }) => ({ day: dayOf(daysAgo), measure: 'calls', kind: 'user', ...use }))
		)
	);

describe('the history', () => {
	test('tells calls, customers and tokens of the day, a member’s own and an admin everybody’s', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member', 'member');
		const [admin, ada, bob] = members;
		await ada.api.customers.create({ org: slug, name: 'One', email: newEmail() });
		await bob.api.customers.create({ org: slug, name: 'Two', email: newEmail() });
		const wanted = { purpose: 'assistant.summarize', model: 'offline', worst: { input: 60, output: 40 } };
		const call = await inOrg(await ada.actor(), slug, 'org.read', 'read write', (inside) => reserve(inside, wanted));
		await settle(call!, { input: 20, output: 10 });
		await flushMeters();

		const own = await ada.api.usage.history({ org: slug });
		expect(own.total).toEqual({ calls: 1, customers: 1, aiTokens: 30 });
		expect(own.days).toHaveLength(90);
		expect(own.days.at(-1)).toEqual({ day: dayOf(0), calls: 1, customers: 1, aiTokens: 30 });
		expect(own.days[0]).toEqual({ day: dayOf(89), calls: 0, customers: 0, aiTokens: 0 });
		await flushMeters();
		expect((await admin.api.usage.history({ org: slug })).total).toEqual({ calls: 3, customers: 2, aiTokens: 30 });
		await put({ orgId: id, id: bob.id, used: 7, daysAgo: 90 });
		expect((await bob.api.usage.history({ org: slug })).total.calls).toBe(1);
	});

	test('is of the days that are asked for, a year of them at the most', async () => {
		const { id: orgId, slug, members } = await makeOrg('member');
		const [{ api, id }] = members;
		await put(...[1, 2, 3].map((daysAgo) => ({ orgId, id, used: daysAgo, daysAgo })));
		const ask = (from?: string, to?: string) => api.usage.history({ org: slug, from, to });
		const days = async (from: string, to: string) => (await ask(from, to)).days.map(({ day, calls }) => [day, calls]);
		const both = [
			[dayOf(3), 3],
			[dayOf(2), 2]
		];
		expect(await days(dayOf(3), dayOf(2))).toEqual(both);
		expect(await days(`${dayOf(3)}T23:59:59Z`, `${dayOf(2)}T00:00:00Z`)).toEqual(both);
		expect((await ask('2024-01-01', '2024-12-31')).days).toHaveLength(366);
		for (const [from, to] of [
			['2024-01-01', '2025-01-01'],
			[dayOf(2), dayOf(3)],
			['yesterday'],
			['2025-02-30'],
			['0001-01-01', '0001-01-02'],
			[undefined, '1999-12-31'],
			['2024-01-01T00:00:00']
		]) {
			await expect(ask(from, to), `${from} ${to}`).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
		expect((await ask('9999-12-31', '9999-12-31')).total.calls).toBe(0);
	});

	test('counts what an import adds, and nothing of one that is taken back', async () => {
		const { org, member } = await newOrg();
		const file = 'name,email\nAda,ada@x.test\nBob,bob@x.test\nnobody,nothing';
		await send(member, org, file, true);
		expect((await member.api.usage.history({ org })).total.customers).toBe(0);
		await send(member, org, file);
		expect((await member.api.usage.history({ org })).total.customers).toBe(2);
	});
});

test('those who used most come first, by their names, also when they are gone', async () => {
	const { id: orgId, slug, members } = await makeOrg('org_admin', 'member');
	const [admin, ada] = members;
	await ada.api.account.update({ firstName: 'Ada' });
	const [gone, key] = [crypto.randomUUID(), crypto.randomUUID()];
	await put({ orgId, id: ada.id, used: 50 }, { orgId, id: ada.id, used: 60, daysAgo: 4 }, { orgId, id: gone, used: 5 });
	await put({ orgId, id: ada.id, used: 9, measure: 'ai_tokens' }, { orgId, id: key, used: 500, kind: 'key' });
	const { items } = await admin.api.usage.topUsers({ org: slug });
	expect(items).toEqual([
		{ actor: { kind: 'key', id: key, name: 'Deleted key' }, calls: 500, customers: 0, aiTokens: 0 },
		{ actor: { kind: 'user', id: ada.id, name: 'Ada' }, calls: 110, customers: 0, aiTokens: 9 },
		{ actor: { kind: 'user', id: gone, name: 'Deleted person' }, calls: 5, customers: 0, aiTokens: 0 }
	]);
	await expect(ada.api.usage.topUsers({ org: slug })).rejects.toMatchObject({ reason: 'forbidden' });
});

test('who left is told of by name, and never by an address that they have now', async () => {
	const { id: orgId, slug, members } = await makeOrg('org_admin', 'member', 'member');
	const [admin, named, unnamed] = members;
	await named.api.account.update({ firstName: 'Ada' });
	await put({ orgId, id: named.id, used: 9 }, { orgId, id: unnamed.id, used: 8 });
	const names = async () => {
		const { items } = await admin.api.usage.topUsers({ org: slug });
		return items.filter(({ actor }) => actor.id !== admin.id).map(({ actor }) => actor.name);
	};
	expect(await names()).toEqual(['Ada', unnamed.email]);
	for (const { api } of [named, unnamed]) await api.members.leave({ org: slug });
	expect(await names()).toEqual(['Ada', 'Former member']);
});

test('the fleet is the sum of all organizations, for those who run the service', async () => {
	const { id: orgId, slug, members } = await makeOrg('org_admin');
	const [{ api, id }] = members;
	await setTier(orgId, 'pro');
	await put({ orgId, id, used: 1_000_000_000 }, { orgId, id, used: 7, daysAgo: 400 });
	const operator = await makeUser({ sysAdmin: true });
	const { days, orgs } = await operator.api.usage.fleet({ days: 7 });
	expect(orgs[0]).toMatchObject({ slug, name: 'Acme', tier: 'pro', calls: 1_000_000_000, customers: 0, aiTokens: 0 });
	const day = days.find((one) => one.day === dayOf(3))!;
	expect(day.calls).toBeGreaterThanOrEqual(1_000_000_000);
	expect(day.orgs).toBeGreaterThanOrEqual(1);
	expect((await operator.api.usage.fleet({ days: 2 })).orgs.map((org) => org.slug)).not.toContain(slug);
	await expect(api.usage.fleet({ days: 7 })).rejects.toMatchObject({ reason: 'forbidden' });
	await expect(operator.api.usage.fleet({ days: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
