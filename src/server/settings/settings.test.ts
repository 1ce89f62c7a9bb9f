import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, race } from '../../../tests/fixtures.ts';

type Api = Awaited<ReturnType<typeof makeUser>>['api'];

const valueOf = async (api: Api, key: string, org?: string) =>
	(await api.settings.list({ org })).items.find((item) => item.key === key)?.value;

describe('a person’s settings', () => {
	test('have defaults, are their own, and are noted', async () => {
		const [ada, bob] = [await makeUser(), await makeUser()];
		expect((await ada.api.settings.list()).items).toEqual([
			{
				key: 'quotaWarnings',
				type: 'boolean',
				default: true,
				title: 'Mail when a quota runs out',
				value: true
			}
		]);
		expect(await ada.api.settings.set({ key: 'quotaWarnings', value: false })).toEqual({
			key: 'quotaWarnings',
			value: false
		});
		await ada.api.settings.set({ key: 'quotaWarnings', value: false });
		expect(await valueOf(ada.api, 'quotaWarnings')).toBe(false);
		expect(await valueOf(bob.api, 'quotaWarnings')).toBe(true);
		const { items } = await ada.api.account.activity();
		expect(items.filter(({ action }) => action === 'setting.changed')).toMatchObject([
			{ details: { key: 'quotaWarnings', before: true, after: false } }
		]);
	});
});

describe('an organization’s settings', () => {
	test('are read by its members, changed by its admins, and stand in its log', async () => {
		const { id, slug: org, members } = await makeOrg('org_admin', 'member', 'readonly');
		const [admin, member, reader] = members;
		expect(await valueOf(reader.api, 'overageEnabled', org)).toBe(false);
		expect(await valueOf(reader.api, 'overageTokensPerMonth', org)).toBe(100_000);
		const change = { org, key: 'overageEnabled', value: true };
		await expect(member.api.settings.set(change)).rejects.toMatchObject({ reason: 'forbidden' });
		await race(20, () => admin.api.settings.set(change));
		expect(await valueOf(reader.api, 'overageEnabled', org)).toBe(true);
		expect(await logOf(id)).toMatchObject([
			{ action: 'setting.changed', target: 'overageEnabled', details: { before: false, after: true } }
		]);
	});

	test('are closed to strangers, who are told as if there were none', async () => {
		const { slug: org, members } = await makeOrg('org_admin');
		const { api } = await makeUser();
		for (const slug of [org, 'nobody-there']) {
			await expect(api.settings.list({ org: slug })).rejects.toMatchObject({
				reason: 'not_found',
				message: 'Organization not found.'
			});
			const change = { org: slug, key: 'overageEnabled', value: true };
			await expect(api.settings.set(change)).rejects.toMatchObject({ reason: 'not_found' });
		}
		expect(await valueOf(members[0].api, 'overageEnabled', org)).toBe(false);
	});
});

describe('the system’s settings', () => {
	test('are listed with their defaults to whoever runs the service', async () => {
		const { api } = await makeUser({ sysAdmin: true });
		expect((await api.admin.settings.list()).items).toMatchObject([
			{ key: 'ai_overage_enabled', type: 'boolean', default: false },
			{ key: 'signup_open', type: 'boolean', default: true },
			{ key: 'banner', type: 'text', default: '', most: 200 }
		]);
	});
});

test.for([
	['nothing', true],
	['constructor', true],
	['__proto__', true],
	['ai_overage_enabled', true],
	['quotaWarnings', true],
	['overageEnabled', 'true'],
	['overageEnabled', 1],
	['overageEnabled', null],
	['overageEnabled', undefined],
	['overageTokensPerMonth', -1],
	['overageTokensPerMonth', 0.5],
	['overageTokensPerMonth', 1e10],
	['overageTokensPerMonth', Number.NaN],
	['overageTokensPerMonth', '5'],
	['overageTokensPerMonth', { $gt: 0 }]
] as const)('%s cannot be %j in an organization', async ([key, value]) => {
	const { slug: org, members } = await makeOrg('org_admin');
	const change = members[0].api.settings.set({ org, key, value });
	await expect(change).rejects.toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid' });
});
