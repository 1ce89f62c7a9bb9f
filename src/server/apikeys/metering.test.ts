import { describe, expect, test } from 'vitest';
import { newEmail, newProgram, race } from '../../../tests/fixtures.ts';
import { startKey } from '../../../tests/keys.ts';
import { flushMeters } from '../usage/meter.ts';

describe('metering', () => {
	const usage = async ({ org, admin, key }: Awaited<ReturnType<typeof startKey>>) => {
		await flushMeters();
		return admin.api.apiKeys.usage({ org, id: key.id });
	};
	const TODAY = () => new Date().toISOString().slice(0, 10);

	test('counts five hundred calls at once to the last one, in few writes', async () => {
		const started = await startKey();
		const { org, key, call } = started;
		const { lost } = await race(500, call);
		expect(lost).toEqual([]);
		await key.api.members.list({ org });
		expect(await usage(started)).toEqual({
			days: [{ day: TODAY(), calls: 501, refused: 0 }],
			procedures: [
				{ procedure: 'members.list', calls: 1, refused: 0 },
				{ procedure: 'orgs.get', calls: 500, refused: 0 }
			],
			total: 501
		});
	});

	test('tells passed from refused, and keeps the last hundred calls one by one', async () => {
		const started = await startKey({ ratePerMinute: 120, role: 'readonly' });
		const { org, admin, key, call } = started;
		await race(119, call);
		await key.api.customers.create({ org, name: 'Ada', email: newEmail() }).catch(() => undefined);
		await race(3, call);
		expect(await usage(started)).toMatchObject({ days: [{ calls: 119, refused: 4 }], total: 119 });
		const calls = await admin.api.apiKeys.calls({ org, id: key.id });
		expect(calls).toHaveLength(100);
		expect(calls[0]).toEqual({
			at: expect.any(Date) as Date,
			procedure: 'orgs.get',
			ip: '192.0.2.1',
			outcome: 'rate_limited'
		});
		expect(calls.filter(({ outcome }) => outcome === 'forbidden')).toMatchObject([{ procedure: 'customers.create' }]);
		const [listed] = (await admin.api.apiKeys.list({ org })).items;
		expect(listed).toMatchObject({ lastUsedAt: calls[0]!.at, lastUsedIp: '192.0.2.1' });
	});

	test('is seen within two seconds, and of the days asked for', async () => {
		const { org, admin, key, call } = await startKey();
		await call();
		const seen = async (range = {}) => (await admin.api.apiKeys.usage({ org, id: key.id, ...range })).total;
		await expect.poll(() => seen(), { timeout: 2000 }).toBe(1);
		expect(await seen({ from: TODAY(), to: new Date().toISOString() })).toBe(1);
		expect(await seen({ from: '2020-01-31', to: '2020-02-28' })).toBe(0);
		for (const range of [
			{ from: '0000-01-01' },
			{ to: '0001-01-01' },
			{ from: '9999-12-31T23:59:59-23:00' },
			{ from: '2000-01-01', to: '9999-12-31' },
			{ from: '2030-02-28', to: '2030-01-31' }
		]) {
			await expect(seen(range), JSON.stringify(range)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
	});

	test('of calls from an address that the key does not allow counts them, and keeps the list of the last', async () => {
		const started = await startKey({ allowedIps: ['192.0.2.0/24'] });
		const { org, admin, key, call } = started;
		await call();
		const outside = newProgram(key.key, '198.51.100.7');
		expect((await race(120, outside.actor)).lost).toHaveLength(120);
		expect((await usage(started)).procedures).toEqual([
			{ procedure: 'any', calls: 0, refused: 120 },
			{ procedure: 'orgs.get', calls: 1, refused: 0 }
		]);
		expect(await admin.api.apiKeys.calls({ org, id: key.id })).toMatchObject([
			{ procedure: 'orgs.get', ip: '192.0.2.1', outcome: 'ok' }
		]);
	});

	test('counts what takes a person as a call that was refused', async () => {
		const started = await startKey({ ratePerMinute: 2 });
		const { key } = started;
		const asked = () => key.api.password.forgot({ email: newEmail() });
		const { lost } = await race(5, asked);
		expect(lost.map(({ reason }) => reason).sort()).toEqual([
			...Array<string>(2).fill('forbidden'),
			...Array<string>(3).fill('rate_limited')
		]);
		expect(await usage(started)).toMatchObject({
			procedures: [{ procedure: 'password.forgot', calls: 0, refused: 5 }]
		});
	});

	test('of a key that goes away meanwhile holds up nothing', async () => {
		const [gone, other] = [await startKey(), await startKey()];
		await Promise.all([gone.call(), other.call()]);
		await gone.admin.api.orgs.delete({ org: gone.org, confirm: gone.org });
		expect(await usage(other)).toMatchObject({ total: 1 });
	});
});
