import { describe, expect, test } from 'vitest';
import { logOf } from '../../../tests/fixtures.ts';
import { refusalOf, startAdmin } from '../../../tests/keys.ts';

describe('narrowing', () => {
	test('takes away, and never gives back', async () => {
		const { org, admin, make } = await startAdmin();
		const { id, api } = await make({ ratePerMinute: 100, allowedIps: ['192.0.0.0/16'], expiresInDays: 30 });
		const update = (change: object) => refusalOf(admin.api.apiKeys.update({ org, id, ...change }));
		const narrower = [
			{ ratePerMinute: 50 },
			{ monthlyCalls: 1000 },
			{ allowedIps: ['192.0.2.0/24', '192.0.1.1'] },
			{ expiresInDays: 10 },
			{ permissions: ['customers.read', 'customers.write', 'org.read'] },
			{ permissions: ['customers.read', 'org.read'] },
			{ role: 'readonly' }
		];
		for (const change of narrower) expect(await update(change), JSON.stringify(change)).toBeNull();
		expect(await api.auth.me()).toMatchObject({
			key: { role: 'readonly', permissions: ['customers.read', 'org.read'] }
		});
		const wider = [
			{ ratePerMinute: 51 },
			{ ratePerMinute: null },
			{ monthlyCalls: 1001 },
			{ monthlyCalls: null },
			{ allowedIps: ['192.0.2.0/24', '192.0.3.0/24'] },
			{ allowedIps: ['192.0.2.0/23'] },
			{ allowedIps: ['::ffff:192.0.2.0/120'] },
			{ allowedIps: null },
			{ expiresInDays: 11 },
			{ expiresInDays: null },
			{ permissions: null },
			{ permissions: ['customers.read', 'members.read'] },
			{ role: 'member', permissions: ['customers.read', 'customers.write'] }
		];
		for (const change of wider) expect(await update(change), JSON.stringify(change)).toBe('invalid');
		await expect(admin.api.apiKeys.update({ org, id, ratePerMinute: 51, monthlyCalls: null })).rejects.toMatchObject({
			fields: { ratePerMinute: [expect.any(String)], monthlyCalls: [expect.any(String)] }
		});
		expect((await admin.api.apiKeys.list({ org })).items).toMatchObject([
			{
				...{ role: 'readonly', permissions: ['customers.read', 'org.read'], ratePerMinute: 50, monthlyCalls: 1000 },
				allowedIps: ['192.0.2.0/24', '192.0.1.1/32']
			}
		]);
	});

	test('by nothing writes nothing down', async () => {
		const { id: orgId, org, admin, make } = await startAdmin();
		const { id } = await make({ name: 'Same' });
		await admin.api.apiKeys.update({ org, id, name: 'Same', role: 'member' });
		expect((await logOf(orgId)).map(({ action }) => action)).toEqual(['key.created']);
	});

	test('of one that has ended is refused, as rotating it is', async () => {
		const { org, admin, make } = await startAdmin();
		const { id } = await make();
		await admin.api.apiKeys.revoke({ org, id });
		expect(await refusalOf(admin.api.apiKeys.update({ org, id, name: 'X' }))).toBe('conflict');
		expect(await refusalOf(admin.api.apiKeys.rotate({ org, id }))).toBe('conflict');
	});
});
