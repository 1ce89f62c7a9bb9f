import { afterAll, describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, race } from '../../../tests/fixtures.ts';
import { differencesOf, ledgerOf, newSpender, spendOf } from '../../../tests/spending.ts';
import { offline } from '../assistant/offline.ts';
import { inOrg } from '../auth/access.ts';
import { reserve, settle } from './service.ts';

const operator = await makeUser({ sysAdmin: true });

/** The one test file that turns it: it is the switch of all that run at once. */
const turn = (value: boolean) => operator.api.admin.settings.set({ key: 'ai_overage_enabled', value });

afterAll(() => turn(false));

type Spender = Awaited<ReturnType<typeof newSpender>>;

const begin = async ({ reader, org }: Spender, tokens: number) =>
	inOrg(await reader.actor(), org, 'customers.read', 'read write', (there) =>
		reserve(there, { purpose: 'test', model: '*', worst: { input: tokens, output: 0 } })
	);

const choose = ({ admin, org }: Spender, key: string, value: unknown) => admin.api.settings.set({ org, key, value });

describe('overage', () => {
	test('happens only where both the organization and the system allow it', async () => {
		const spender = await newSpender(offline, 100);
		const { id, summarize } = spender;
		const refused = async () => {
			const { reason, message } = (await summarize().catch((error: { reason: string; message: string }) => error)) as {
				reason: string;
				message: string;
			};
			expect(reason).toBe('quota_exceeded');
			return message;
		};
		expect(await refused()).toBe(
			'Your plan includes 100 AI tokens a month, and they are used up. The Free plan includes 50,000 AI tokens. An administrator of this service can grant credits.'
		);
		await choose(spender, 'overageEnabled', true);
		await refused();
		await turn(true);
		await choose(spender, 'overageEnabled', false);
		expect(await refused()).toContain('an admin of your organization can allow overage in its settings.');
		await choose(spender, 'overageEnabled', true);
		const { tokens } = await summarize();
		expect(await spendOf(id)).toMatchObject({ allotmentLeft: 100 - tokens, overage: 0, overageEnabled: true });
		await turn(false);
		await refused();
	});

	test('stops at the organization’s own limit, for twenty at once too', async () => {
		await turn(true);
		const spender = await newSpender(offline, 100);
		await choose(spender, 'overageEnabled', true);
		await choose(spender, 'overageTokensPerMonth', 1000);
		const first = await begin(spender, 300);
		const { won } = await race(20, () => begin(spender, 300));
		expect(won.filter(Boolean)).toHaveLength(2);
		expect(await spendOf(spender.id)).toMatchObject({ allotmentLeft: 0, overage: 800 });
		const { message } = (await spender.summarize().catch((error: unknown) => error)) as Error;
		expect(message).toContain('raise the limit of overage in its settings.');
		// What the first gives back counts before the overage of the others.
		for (const call of [first, ...won]) if (call) await settle(call, { input: 10, output: 0 });
		expect(await spendOf(spender.id)).toMatchObject({ overage: 0, used: 30 });
		expect(await differencesOf(spender.id)).toEqual([]);
	});

	test('comes after credits, and what is given back goes where it was taken last', async () => {
		await turn(true);
		const spender = await newSpender(offline, 100);
		await choose(spender, 'overageEnabled', true);
		await operator.api.credits.grant({ org: spender.org, tokens: 200, reason: 'A gift' });
		const call = await begin(spender, 350);
		expect(await spendOf(spender.id)).toMatchObject({ allotmentLeft: 0, credits: 0, overage: 50 });
		await settle(call!, { input: 130, output: 0 });
		expect(await spendOf(spender.id)).toMatchObject({ allotmentLeft: 0, credits: 170, overage: 0 });
		const [, , ...movements] = await ledgerOf(spender.id);
		expect(movements.map(({ kind, bucket, amount, cost }) => [kind, bucket, amount, cost])).toEqual([
			['reserve', 'allotment', -100, 250],
			['reserve', 'credits', -200, 500],
			['reserve', 'overage', -50, 125],
			['settle', 'credits', 170, -425],
			['settle', 'overage', 50, -125]
		]);
		expect(await differencesOf(spender.id)).toEqual([]);
	});
});

describe('credits', () => {
	test('are granted once for a payment, of twenty that tell of it', async () => {
		const { id, slug: org } = await makeOrg('org_admin');
		const grant = { org, tokens: 500, reason: 'Bought', reference: `pay_${org}` };
		const { won } = await race(20, () => operator.api.credits.grant(grant));
		expect(won).toEqual(Array.from({ length: 20 }, () => ({ tokens: 500, credits: 500 })));
		expect((await ledgerOf(id)).filter(({ kind }) => kind === 'grant')).toMatchObject([
			{ amount: 500, actorKind: 'user', actorId: operator.id, purpose: 'Bought', reference: grant.reference }
		]);
		const granted = (await logOf(id)).filter(({ action }) => action === 'credits.granted');
		expect(granted).toMatchObject([{ actorId: operator.id, details: { tokens: 500, reason: 'Bought' } }]);
		await expect(operator.api.credits.grant({ ...grant, tokens: 501 })).rejects.toMatchObject({ reason: 'conflict' });
		const { slug: other } = await makeOrg();
		await expect(operator.api.credits.grant({ ...grant, org: other })).rejects.toMatchObject({ reason: 'conflict' });
	});

	test.for([0, -5, 1.5, 1e10, Number.NaN, '5'])('of %s tokens are refused', async (tokens) => {
		const { slug: org } = await makeOrg();
		const call = operator.api.credits.grant({ org, tokens: tokens as number, reason: 'x' });
		await expect(call).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});

	test('of an organization that there is not are not found', async () => {
		const call = operator.api.credits.grant({ org: 'nobody-there', tokens: 5, reason: 'x' });
		await expect(call).rejects.toMatchObject({ reason: 'not_found' });
	});
});
