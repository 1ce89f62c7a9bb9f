import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newEmail, setTier } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';

describe('the summary', () => {
	test('says what is used of the plan, and what every plan grants', async () => {
		const { id, slug, members } = await makeOrg('member', 'readonly');
		await setTier(id, 'pro');
		const { api } = members[0];
		await api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		const { tier, features, plans } = await api.usage.summary({ org: slug });
		expect(tier).toBe('pro');
		expect(features).toEqual([
			{ key: 'members', title: 'Members', kind: 'quota', used: 2, limit: 100, enabled: true },
			{ key: 'api_keys', title: 'API keys', kind: 'quota', used: 0, limit: 50, enabled: true },
			{ key: 'customers', title: 'Customers', kind: 'quota', used: 1, limit: 1_000_000, enabled: true },
			{ key: 'api_calls', title: 'API calls', kind: 'quota', used: 0, limit: 1_000_000, enabled: true },
			{ key: 'ai_tokens', title: 'AI tokens', kind: 'quota', used: 0, limit: 5_000_000, enabled: true },
			{ key: 'audit_export', title: 'Audit log export', kind: 'flag', used: null, limit: null, enabled: true }
		]);
		expect(plans.map(({ title }) => title)).toEqual(['Free', 'Pro', 'Enterprise']);
		await expect(members[1].api.usage.summary({ org: slug })).rejects.toMatchObject({ reason: 'forbidden' });
	});

	test('counts months from the day of the subscription, and each month for itself', async () => {
		const { id, slug, members } = await makeOrg('member');
		const subscribedAt = new Date('2020-01-31T12:00:00Z');
		await db.updateTable('org').where('id', '=', id).set({ subscribedAt }).execute();
		const [{ api }] = members;
		const { from, to } = (await api.usage.summary({ org: slug })).period;
		expect(from.getTime()).toBeLessThanOrEqual(Date.now());
		expect(to.getTime()).toBeGreaterThan(Date.now());
		for (const moment of [from, to]) {
			const lastDay = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
			expect(moment.toISOString()).toContain(`-${Math.min(31, lastDay)}T12:00:00`);
		}
		const past = { orgId: id, feature: 'api_calls', since: subscribedAt, used: 7 };
		await db
			.insertInto('quotaUse')
			.values([past, { ...past, since: from, used: 3 }])
			.execute();
		const { features } = await api.usage.summary({ org: slug });
		expect(features.find(({ key }) => key === 'api_calls')).toMatchObject({ used: 3 });
	});

	test('is nobody else’s', async () => {
		const { slug } = await makeOrg('member');
		const stranger = await makeUser();
		await expect(stranger.api.usage.summary({ org: slug })).rejects.toMatchObject({ reason: 'not_found' });
	});
});
