import { describe, expect, test } from 'vitest';
import { makeKey, newProgram, race } from '../../../tests/fixtures.ts';
import { grant, reasonsOf, startKey } from '../../../tests/keys.ts';
import { minuteHeaders, newMinutes } from './budget.ts';

/** What the next answer to a key says of its minute. */
async function headersOf(key: Awaited<ReturnType<typeof makeKey>>) {
	const actor = await key.actor();
	return minuteHeaders((actor as typeof actor & { kind: 'apiKey' }).key);
}

describe('the minute of a key', () => {
	test('is exact for calls at once, and says when to come again', async () => {
		const { key, call } = await startKey({ ratePerMinute: 7 });
		const { won, lost } = await race(20, call);
		expect([won.length, lost.length]).toEqual([7, 13]);
		expect(reasonsOf(lost)).toEqual(['rate_limited']);
		expect(lost[0]).toMatchObject({ retryAfter: expect.any(Number) as number, code: 'TOO_MANY_REQUESTS' });
		expect(await headersOf(key)).toEqual({
			'X-RateLimit-Limit': '7',
			'X-RateLimit-Remaining': '0',
			'X-RateLimit-Reset': expect.stringMatching(/^\d+$/) as string
		});
	});

	test('is the tier’s where the key has none, and never more than that', async () => {
		for (const bounds of [{}, { ratePerMinute: 1000 }]) {
			const { id, call } = await startKey(bounds);
			await grant(id, { limits: { '*': 5 } });
			const { won, lost } = await race(20, call);
			expect([won.length, reasonsOf(lost)]).toEqual([5, ['rate_limited']]);
		}
	});

	test('is shared by the secrets of a key, and by nobody else', async () => {
		const { org, admin, key } = await startKey({ ratePerMinute: 4 });
		const rotated = newProgram((await admin.api.apiKeys.rotate({ org, id: key.id, graceMinutes: 5 })).key);
		const { won } = await race(20, (nth) => [key, rotated][nth % 2]!.api.orgs.get({ org }));
		expect(won).toHaveLength(4);
		const other = await makeKey(admin, org);
		await other.api.orgs.get({ org });
		await admin.api.orgs.get({ org });
	});

	test('bounds single procedures as the tier says', async () => {
		const { id, org, key, call } = await startKey();
		await grant(id, { limits: { '*': 100, 'members.list': 2 } });
		const { won } = await race(20, () => key.api.members.list({ org }));
		expect(won).toHaveLength(2);
		await call();
	});

	test.for([10, 200, 1000])('of %i gives two processes exactly that, whichever of them asks', async (most) => {
		const bucket = { name: 'test', who: crypto.randomUUID(), most, seconds: 60 };
		const [first, second] = [newMinutes(), newMinutes()];
		let passed = 0;
		for (let nth = 0; nth < 3; nth++) passed += Number((await first.spend(bucket)).allowed);
		expect(await second.look(bucket)).toMatchObject({ left: most - 3 });
		const { won } = await race(most + 20, () => second.spend(bucket));
		passed += won.filter(({ allowed }) => allowed).length;
		expect(passed).toBe(most);
		expect(await first.spend(bucket)).toMatchObject({ allowed: false, left: 0 });
	});

	test('of many leaves little of it to a process that rests', async () => {
		const bucket = { name: 'test', who: crypto.randomUUID(), most: 6000, seconds: 60 };
		const [resting, busy] = [newMinutes(), newMinutes()];
		await resting.spend(bucket);
		const { won } = await race(6100, () => busy.spend(bucket));
		expect(won.filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(6000 - 60);
	});

	test('that was lowered holds from the next call on, and is looked up where this process knows nothing of it', async () => {
		const { id, org, admin, key, call } = await startKey({ ratePerMinute: 600 });
		await call();
		await admin.api.apiKeys.update({ org, id: key.id, ratePerMinute: 5 });
		expect(await headersOf(key)).toMatchObject({ 'X-RateLimit-Limit': '5', 'X-RateLimit-Remaining': '4' });
		const { won } = await race(20, call);
		expect(won).toHaveLength(4);
		await grant(id, { limits: { '*': 2 } });
		expect(await headersOf(key)).toMatchObject({ 'X-RateLimit-Limit': '2', 'X-RateLimit-Remaining': '0' });
	});
});
