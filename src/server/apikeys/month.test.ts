import { describe, expect, test } from 'vitest';
import { makeKey, race } from '../../../tests/fixtures.ts';
import { grant, reasonsOf, startKey } from '../../../tests/keys.ts';
import { db } from '../db.ts';
import { endLeases } from './budget.ts';
import { Months } from './month.ts';

const usedOf = async (orgId: string, keyId: string) => {
	await endLeases();
	const { used } = await db
		.selectFrom('apiKeyMonth')
		.where('keyId', '=', keyId)
		.select('used')
		.executeTakeFirstOrThrow();
	const quota = db.selectFrom('quotaUse').where('orgId', '=', orgId).where('feature', '=', 'api_calls').select('used');
	return [Number(used), Number((await quota.executeTakeFirstOrThrow()).used)];
};

/** What a process knows of a key's month, as the lookup of a call finds it. */
const monthOf = (id: string, monthlyCalls: number | null, ofPlan = -1) => ({
	id,
	monthlyCalls,
	org: { monthlyCalls: ofPlan }
});

const over = (whose: 'key' | 'plan') => ({ over: whose, endsAt: expect.any(Date) as Date });

describe('the month of a key', () => {
	test('is exact for calls at once', async () => {
		const { id, key, call } = await startKey({ monthlyCalls: 10 });
		const { won, lost } = await race(40, call);
		expect(won).toHaveLength(10);
		expect(reasonsOf(lost)).toEqual(['quota_exceeded']);
		const words =
			/^This API key may make 10 calls a month, .* until \w{3} \d+, \d{4}, \d\d:\d\d UTC\. An admin .* can create/;
		expect(lost[0]).toMatchObject({ code: 'PAYMENT_REQUIRED', message: expect.stringMatching(words) as string });
		expect(await usedOf(id, key.id)).toEqual([10, 10]);
	});

	test('ends with the organization’s, which names what would lift it', async () => {
		const { id, org, admin, key, call } = await startKey();
		await grant(id, { features: { api_keys: 5, api_calls: 12 } });
		const second = await makeKey(admin, org);
		const { won, lost } = await race(40, (nth) => [key, second][nth % 2]!.api.orgs.get({ org }));
		expect(won).toHaveLength(12);
		expect(lost[0]).toMatchObject({ message: expect.stringMatching(/12 API calls a month.*The Free plan/) as string });
		await admin.api.orgs.get({ org });
		await grant(id, { features: { api_keys: 5, api_calls: -1 } });
		await call();
	});

	test('counts a lone call as one, and leases more the more is asked for', async () => {
		const { id, org, admin, key, call } = await startKey();
		const second = await makeKey(admin, org);
		await call();
		await second.api.orgs.get({ org });
		const { features } = await admin.api.usage.summary({ org });
		expect(features.find(({ key }) => key === 'api_calls')).toMatchObject({ used: 2 });
		await race(40, call);
		expect(await usedOf(id, key.id)).toEqual([41, 42]);
	});

	test('that was lowered holds from the next call on, of the key and of the plan', async () => {
		const { id, org, admin, key, call } = await startKey({ monthlyCalls: 10_000 });
		for (let nth = 0; nth < 12; nth++) await call();
		await admin.api.apiKeys.update({ org, id: key.id, monthlyCalls: 13 });
		const { won, lost } = await race(20, call);
		expect([won.length, reasonsOf(lost)]).toEqual([1, ['quota_exceeded']]);
		const second = await makeKey(admin, org);
		for (let nth = 0; nth < 12; nth++) await second.api.orgs.get({ org });
		await grant(id, { features: { api_keys: 5, api_calls: 27 } });
		expect((await race(20, () => second.api.orgs.get({ org }))).won).toHaveLength(2);
		expect(await usedOf(id, second.id)).toEqual([14, 27]);
	});

	test.for([1, 10, 120, 700])('of %i calls gives four processes exactly that', async (monthlyCalls) => {
		const { id, key } = await startKey({ monthlyCalls });
		const processes = Array.from({ length: 4 }, () => new Months());
		const { won } = await race(monthlyCalls * 2 + 40, (nth) =>
			processes[nth % 4]!.spend(monthOf(key.id, monthlyCalls))
		);
		expect(won.filter((outcome) => outcome === 'allowed')).toHaveLength(monthlyCalls);
		expect(won.filter((outcome) => outcome !== 'allowed')).toEqual(Array(monthlyCalls + 40).fill(over('key')));
		expect(await usedOf(id, key.id)).toEqual([monthlyCalls, monthlyCalls]);
	});

	test('gets back what a process leased and did not spend, when it rests and when it ends', async () => {
		const { id, key } = await startKey({ monthlyCalls: 5000 });
		const [resting, ending] = [new Months(), new Months()];
		const month = monthOf(key.id, 5000);
		for (const months of [resting, ending, ending]) await months.spend(month);
		await ending.giveBack();
		await expect.poll(() => usedOf(id, key.id), { timeout: 10_000 }).toEqual([3, 3]);
		await resting.spend(month);
		await resting.giveBack();
		expect(await usedOf(id, key.id)).toEqual([4, 4]);
	});

	test('of a key that is gone refuses as if there had been none', async () => {
		const { org, admin, key } = await startKey();
		await admin.api.orgs.delete({ org, confirm: org });
		expect(await new Months().spend(monthOf(key.id, null))).toBe('gone');
	});

	test('begins anew with the organization’s next one', async () => {
		const { id, key } = await startKey({ monthlyCalls: 2 });
		const months = new Months();
		const month = monthOf(key.id, 2);
		for (const due of ['allowed', 'allowed', over('key')]) expect(await months.spend(month)).toEqual(due);
		const earlier = new Date(Date.now() - 5 * 86_400_000);
		await db.updateTable('org').where('id', '=', id).set({ subscribedAt: earlier }).execute();
		await db
			.updateTable('apiKeyMonth')
			.where('keyId', '=', key.id)
			.set({ since: new Date('2020-01-01') })
			.execute();
		expect(await new Months().spend(month)).toBe('allowed');
	});
});
