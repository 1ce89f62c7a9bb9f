import { describe, expect, test } from 'vitest';
import { makeKey, makeOrg, newProgram, race } from '../../../tests/fixtures.ts';
import { takeBlock } from '../buckets.ts';
import { db } from '../db.ts';
import { newLeases } from '../lease.ts';
import { blockOf, endLeases, minuteHeaders } from './budget.ts';
import { Months } from './month.ts';

type Bounds = Parameters<typeof makeKey> extends [unknown, string, ...infer B] ? B : never;

async function start(...bounds: Bounds) {
	const { id, slug: org, members } = await makeOrg('org_admin');
	const [admin] = members;
	const key = await makeKey(admin, org, ...bounds);
	return { id, org, admin, key, call: () => key.api.orgs.get({ org }) };
}

/** What an organisation's copy of its tier says. */
const grant = (id: string, set: { features?: object; limits?: object }) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.set(Object.fromEntries(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)])))
		.execute();

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

const reasonsOf = (lost: { reason?: string }[]) => [...new Set(lost.map(({ reason }) => reason))];

describe('the minute of a key', () => {
	test('is exact for calls at once, and says when to come again', async () => {
		const { key, call } = await start({ ratePerMinute: 7 });
		const { won, lost } = await race(20, call);
		expect([won.length, lost.length]).toEqual([7, 13]);
		expect(reasonsOf(lost)).toEqual(['rate_limited']);
		expect(lost[0]).toMatchObject({ retryAfter: expect.any(Number) as number, code: 'TOO_MANY_REQUESTS' });
		const actor = await key.actor();
		expect(minuteHeaders((actor as typeof actor & { kind: 'apiKey' }).key)).toEqual({
			'X-RateLimit-Limit': '7',
			'X-RateLimit-Remaining': '0',
			'X-RateLimit-Reset': expect.stringMatching(/^\d+$/) as string
		});
	});

	test('is the tier’s where the key has none, and never more than that', async () => {
		for (const bounds of [{}, { ratePerMinute: 1000 }]) {
			const { id, call } = await start(bounds);
			await grant(id, { limits: { '*': 5 } });
			const { won, lost } = await race(20, call);
			expect([won.length, reasonsOf(lost)]).toEqual([5, ['rate_limited']]);
		}
	});

	test('is shared by the secrets of a key, and by nobody else', async () => {
		const { org, admin, key } = await start({ ratePerMinute: 4 });
		const rotated = newProgram((await admin.api.apiKeys.rotate({ org, id: key.id, graceMinutes: 5 })).key);
		const { won } = await race(20, (nth) => [key, rotated][nth % 2]!.api.orgs.get({ org }));
		expect(won).toHaveLength(4);
		const other = await makeKey(admin, org);
		await other.api.orgs.get({ org });
		await admin.api.orgs.get({ org });
	});

	test('bounds single procedures as the tier says', async () => {
		const { id, org, key, call } = await start();
		await grant(id, { limits: { '*': 100, 'members.list': 2 } });
		const { won } = await race(20, () => key.api.members.list({ org }));
		expect(won).toHaveLength(2);
		await call();
	});

	test('with ten left gives two processes exactly ten, whichever of them asks', async () => {
		const bucket = { name: 'test', who: crypto.randomUUID(), most: 10, seconds: 60 };
		const processes = Array.from({ length: 2 }, () => newLeases((of, size) => takeBlock(of, blockOf(of, size))));
		await processes[0]!.spend(bucket);
		let passed = 1;
		for (let nth = 0; nth < 20; nth++) passed += Number((await processes[1]!.spend(bucket)).allowed);
		expect(passed).toBe(10);
	});
});

describe('the month of a key', () => {
	test('is exact for calls at once', async () => {
		const { id, key, call } = await start({ monthlyCalls: 10 });
		const { won, lost } = await race(40, call);
		expect(won).toHaveLength(10);
		expect(reasonsOf(lost)).toEqual(['quota_exceeded']);
		expect(lost[0]).toMatchObject({ code: 'PAYMENT_REQUIRED' });
		expect(await usedOf(id, key.id)).toEqual([10, 10]);
	});

	test('ends with the organization’s, which names what would lift it', async () => {
		const { id, org, admin, key, call } = await start();
		await grant(id, { features: { api_keys: 5, api_calls: 12 } });
		const second = await makeKey(admin, org);
		const { won, lost } = await race(40, (nth) => [key, second][nth % 2]!.api.orgs.get({ org }));
		expect(won).toHaveLength(12);
		expect(lost[0]).toMatchObject({ message: expect.stringMatching(/12 API calls a month.*The Free plan/) as string });
		await admin.api.orgs.get({ org });
		await grant(id, { features: { api_keys: 5, api_calls: -1 } });
		await expect
			.poll(
				() =>
					call().then(
						() => 'passed',
						() => 'refused'
					),
				{ timeout: 5000 }
			)
			.toBe('passed');
	});

	test.for([1, 10, 120, 700])('of %i calls gives four processes exactly that', async (monthlyCalls) => {
		const { id, key } = await start({ monthlyCalls });
		const processes = Array.from({ length: 4 }, () => new Months());
		const { won } = await race(monthlyCalls * 2 + 40, (nth) => processes[nth % 4]!.spend(key.id));
		expect(won.filter((outcome) => outcome === 'allowed')).toHaveLength(monthlyCalls);
		expect(new Set(won)).toEqual(new Set(['allowed', 'over_key']));
		expect(await usedOf(id, key.id)).toEqual([monthlyCalls, monthlyCalls]);
	});

	test('gets back what a process leased and did not spend, when it rests and when it ends', async () => {
		const { id, key } = await start({ monthlyCalls: 5000 });
		const [resting, ending] = [new Months(), new Months()];
		for (const months of [resting, ending, ending]) await months.spend(key.id);
		await ending.giveBack();
		await expect.poll(() => usedOf(id, key.id), { timeout: 10_000 }).toEqual([3, 3]);
		await resting.spend(key.id);
		await resting.giveBack();
		expect(await usedOf(id, key.id)).toEqual([4, 4]);
	});

	test('of a key that is gone refuses as if there had been none', async () => {
		const { org, admin, key } = await start();
		await admin.api.orgs.delete({ org, confirm: org });
		expect(await new Months().spend(key.id)).toBe('gone');
	});

	test('begins anew with the organization’s next one', async () => {
		const { id, key } = await start({ monthlyCalls: 2 });
		const months = new Months();
		for (const due of ['allowed', 'allowed', 'over_key']) expect(await months.spend(key.id)).toBe(due);
		const earlier = new Date(Date.now() - 5 * 86_400_000);
		await db.updateTable('org').where('id', '=', id).set({ subscribedAt: earlier }).execute();
		await db
			.updateTable('apiKeyMonth')
			.where('keyId', '=', key.id)
			.set({ since: new Date('2020-01-01') })
			.execute();
		expect(await new Months().spend(key.id)).toBe('allowed');
	});
});
