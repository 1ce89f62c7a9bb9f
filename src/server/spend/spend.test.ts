import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { inside } from '../../../tests/customers.ts';
import { makeUser, race } from '../../../tests/fixtures.ts';
import { lastMail, mailTo } from '../../../tests/mailbox.ts';
import { startModel } from '../../../tests/model.ts';
import { age, allow, differencesOf, ledgerOf, modelAt, newSpender, spendOf } from '../../../tests/spending.ts';
import { inOrg } from '../auth/access.ts';
import { reserve, settle, settleAbandoned } from './service.ts';

/** Tokens that a call for the notes of these tests reserves. */
let worst: number;

const start = async () => {
	const server = await startModel();
	return { server, model: modelAt(server.baseUrl) };
};

const total = (rows: { amount: number }[]) => rows.reduce((sum, { amount }) => sum + amount, 0);

beforeAll(async () => {
	const { model } = await start();
	const { id, summarize } = await newSpender(model, 100_000);
	await summarize();
	worst = -total((await ledgerOf(id)).filter(({ kind }) => kind === 'reserve'));
	expect(worst).toBeGreaterThan(500);
});

/** A call that is begun in an organisation and does not end by itself. */
const begin = async ({ reader, org }: Awaited<ReturnType<typeof newSpender>>, tokens: number) =>
	inOrg(await reader.actor(), org, 'customers.read', 'read write', (there) =>
		reserve(there, { purpose: 'test', model: '*', worst: { input: tokens, output: 0 } })
	);

describe('a call', () => {
	test('reserves its worst case, settles to what it used, and leaves a row for each movement', async () => {
		const { model } = await start();
		const { id, org, admin, reader, summarize } = await newSpender(model, 10_000);
		expect(await summarize()).toEqual({ text: 'A summary.', tokens: 120, model: 'gpt-test' });
		const [allotted, reserved, settled] = await ledgerOf(id);
		expect(allotted).toMatchObject({ kind: 'allot', bucket: 'allotment', amount: 10_000, actorKind: 'system' });
		const call = { purpose: 'assistant.summarize', model: 'gpt-test', actorKind: 'user', actorId: reader.id };
		expect(reserved).toMatchObject({ ...call, kind: 'reserve', amount: -worst });
		expect(settled).toMatchObject({ ...call, kind: 'settle', amount: worst - 120, reference: reserved!.reference });
		// 100 read and 20 written, at the price of a model that has no row.
		expect(reserved!.cost + settled!.cost).toBe(450);
		expect(await spendOf(id)).toMatchObject({ limit: 10_000, used: 120, allotmentLeft: 9880, credits: 0, overage: 0 });
		const { features, spend } = await admin.api.usage.summary({ org });
		expect(features).toContainEqual(expect.objectContaining({ key: 'ai_tokens', used: 120, limit: 10_000 }));
		expect(spend).toEqual({ allotmentLeft: 9880, credits: 0, overage: 0, overageEnabled: false });
		expect(await differencesOf(id)).toEqual([]);
	});

	test('of twenty that want the last tokens, one gets them', async () => {
		const { server, model } = await start();
		const { id, summarize } = await newSpender(model, worst);
		const { won, lost } = await race(20, summarize);
		expect(won).toHaveLength(1);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['quota_exceeded']));
		expect(server.messages).toHaveLength(1);
		expect(await spendOf(id)).toMatchObject({ used: 120, allotmentLeft: worst - 120 });
	});

	test('a hundred at once, with long answers and breaks, never spend beyond the cap', async () => {
		const { server, model } = await start();
		const cap = worst * 8 + 10;
		const { id, summarize } = await newSpender(model, cap);
		server.conduct.of = (nth) => ({
			pause: 5,
			usage: [{ prompt_tokens: 200, completion_tokens: 400 }, null, { prompt_tokens: 1e9, completion_tokens: -1 }][
				nth % 3
			],
			pieces: Array.from({ length: 20 }, () => 'word '),
			breaksAfter: nth % 5 === 4 ? 3 : Infinity
		});
		const { won, lost } = await race(100, summarize);
		expect(won.length).toBeGreaterThan(4);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['quota_exceeded']));
		const { used, allotmentLeft } = await spendOf(id);
		expect(used).toBeGreaterThan(0);
		expect(used + allotmentLeft).toBe(cap);
		expect(won.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(used);
		expect(await differencesOf(id)).toEqual([]);
	});

	test('ends once, however often it is ended', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		const call = await begin(spender, 600);
		expect(await spendOf(spender.id)).toMatchObject({ used: 600, allotmentLeft: 400 });
		const { won } = await race(20, () => settle(call!, { input: 50, output: 50 }));
		expect(new Set(won)).toEqual(new Set([100, 600]));
		expect(await spendOf(spender.id)).toMatchObject({ used: 100, allotmentLeft: 900 });
		expect(await differencesOf(spender.id)).toEqual([]);
	});

	test('never costs more than was reserved, whatever the provider tells', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		const call = await begin(spender, 600);
		expect(await settle(call!, { input: 5000, output: 5000 })).toBe(600);
		expect(await spendOf(spender.id)).toMatchObject({ used: 600, allotmentLeft: 400 });
	});
});

describe('a call that a crash has cut off', () => {
	test('is settled after ten minutes, at its worst case, and not before', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		const call = await begin(spender, 600);
		await age(spender.id, 9);
		await settleAbandoned();
		expect((await ledgerOf(spender.id)).map(({ kind }) => kind)).toEqual(['allot', 'reserve']);
		await age(spender.id, 11);
		await race(5, settleAbandoned);
		expect(await settle(call!, { input: 1, output: 0 })).toBe(600);
		expect(await spendOf(spender.id)).toMatchObject({ used: 600, allotmentLeft: 400 });
		expect(await differencesOf(spender.id)).toEqual([]);
		const open = await inside(spender.id, (tx) => tx.selectFrom('spendReservation').select('id').execute());
		expect(open).toEqual([]);
	});
});

describe('a month', () => {
	/** Lets the organisation's month have begun so many days ago. */
	const began = (orgId: string, days: number) =>
		inside(orgId, async (tx) => {
			await sql`update org set subscribed_at = now() - make_interval(days => ${days}) where id = ${orgId}`.execute(tx);
			await sql`update spend_balance set period = period - interval '1 month' where org_id = ${orgId}`.execute(tx);
		});

	test('that begins brings a new allotment; what the last one gets back stays there', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		const old = await begin(spender, 900);
		await inside(spender.id, (tx) =>
			sql`update org set subscribed_at = now() + interval '1 second' - interval '1 month' where id = ${spender.id}`.execute(
				tx
			)
		);
		await began(spender.id, 0);
		expect(await spendOf(spender.id)).toMatchObject({ used: 0, allotmentLeft: 1000 });
		await begin(spender, 300);
		await settle(old!, { input: 100, output: 0 });
		expect(await spendOf(spender.id)).toMatchObject({ used: 300, allotmentLeft: 700 });
	});

	test('follows a plan that changes, up and down, without a token twice', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		await settle((await begin(spender, 600))!, null);
		await allow(spender.id, 5000);
		expect(await spendOf(spender.id)).toMatchObject({ used: 600, allotmentLeft: 4400 });
		await settle((await begin(spender, 400))!, null);
		await allow(spender.id, 500);
		expect(await spendOf(spender.id)).toMatchObject({ allotmentLeft: 0 });
		expect(await begin(spender, 1)).toBeNull();
		await allow(spender.id, 1500);
		expect(await begin(spender, 501)).toBeNull();
		expect(await begin(spender, 500)).not.toBeNull();
		expect(await differencesOf(spender.id)).toEqual([]);
	});

	test('without an end is never used up', async () => {
		const { model } = await start();
		const spender = await newSpender(model, -1);
		for (const tokens of [10_000_000, 20]) await settle((await begin(spender, tokens))!, { input: 7, output: 3 });
		expect(await spendOf(spender.id)).toMatchObject({ limit: -1, used: 20, allotmentLeft: -1 });
		expect(await differencesOf(spender.id)).toEqual([]);
		expect(await mailTo(spender.admin.email)).toEqual([]);
	});
});

describe('the admins', () => {
	test('are told at 80 % and at 100 %, once a month each, unless they would rather not be', async () => {
		const { model } = await start();
		const spender = await newSpender(model, 1000);
		const quiet = await makeUser();
		await inside(spender.id, (tx) =>
			tx.insertInto('membership').values({ orgId: spender.id, userId: quiet.id, role: 'org_admin' }).execute()
		);
		await quiet.api.settings.set({ key: 'quotaWarnings', value: false });
		const use = async (reserved: number, used: number) =>
			settle((await begin(spender, reserved))!, { input: used, output: 0 });
		await use(900, 700);
		await use(300, 150);
		expect((await lastMail(spender.admin.email, /80 %/)).text).toContain('850 AI tokens of the 1,000 AI tokens');
		await use(100, 100);
		expect(await begin(spender, 200)).toBeNull();
		await lastMail(spender.admin.email, /100 %/);
		expect(await begin(spender, 200)).toBeNull();
		const told = async () => (await mailTo(spender.admin.email)).map(({ subject }) => subject.match(/\d+ %/)?.[0]);
		await expect.poll(told).toEqual(['100 %', '80 %']);
		expect(await mailTo(quiet.email)).toEqual([]);
	});
});
