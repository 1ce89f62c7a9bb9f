import { describe, expect, test } from 'vitest';
import { logOf, makeKey, makeUser, race, setTier } from '../../../tests/fixtures.ts';
import { live, refusalOf, startAdmin } from '../../../tests/keys.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

describe('creating', () => {
	test('answers the key once, writes it down without it, and mails its maker', async () => {
		const { id, org, admin } = await startAdmin();
		const made = await admin.api.apiKeys.create({ org, name: ' Nightly ', role: 'readonly', expiresInDays: 30 });
		expect(made).toMatchObject({ name: 'Nightly', role: 'readonly', ratePerMinute: null, allowedIps: null });
		expect(await logOf(id)).toMatchObject([
			{
				action: 'key.created',
				actorId: admin.id,
				targetId: made.id,
				details: { role: 'readonly', prefix: made.prefix }
			}
		]);
		const mail = await lastMail(admin.email, /API key/);
		expect(mail.text).toContain(made.prefix);
		expect(mail.text).not.toContain(made.key);
	});

	test('asks for a proof, and is for people alone, as rotating is', async () => {
		const { org, make } = await startAdmin();
		const key = await make();
		const old = await makeUser({ provenAt: new Date(Date.now() - 3_600_000) });
		const { id } = await db.selectFrom('org').where('slug', '=', org).select('id').executeTakeFirstOrThrow();
		await db.insertInto('membership').values({ orgId: id, userId: old.id, role: 'org_admin' }).execute();
		for (const { api } of [old, key]) {
			const reason = api === key.api ? 'forbidden' : 'step_up_required';
			expect(await refusalOf(api.apiKeys.create({ org, name: 'X', role: 'member' }))).toBe(reason);
			expect(await refusalOf(api.apiKeys.rotate({ org, id: key.id }))).toBe(reason);
		}
	});

	test.for([
		{ name: '' },
		{ name: 'Visit evil.example' },
		{ role: 'org_admin' },
		{ permissions: [] },
		{ permissions: ['keys.manage'] },
		{ permissions: ['members.invite'] },
		{ expiresInDays: 0 },
		{ expiresInDays: 366 },
		{ expiresInDays: 1.5 },
		{ ratePerMinute: 0 },
		{ monthlyCalls: -1 },
		{ allowedIps: ['192.0.2.0/33'] },
		{ allowedIps: ['example.com'] },
		{ allowedIps: ['192.0.2.0/24/8'] },
		{ allowedIps: ['fe80::1%eth0/64'] },
		{ allowedIps: [] }
	])('refuses %j', async (bounds) => {
		const { org, admin } = await startAdmin();
		const made = admin.api.apiKeys.create({ org, name: 'X', role: 'member', ...bounds } as never);
		await expect(made).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});

	test('of twenty who want the last one that the plan has, one gets it; revoked and expired ones make room', async () => {
		const { id, org, admin, make } = await startAdmin();
		await setTier(id, 'free');
		const kept = await Promise.all([make(), make(), make(), make({ expiresInDays: 1 })]);
		const { won, lost } = await race(20, () => make());
		expect(won).toHaveLength(1);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['quota_exceeded']));
		await race(20, () => admin.api.apiKeys.revoke({ org, id: kept[0].id }));
		await make();
		expect(await refusalOf(make())).toBe('quota_exceeded');
		await db.updateTable('apiKey').where('id', '=', kept[3].id).set({ expiresAt: new Date() }).execute();
		await make();
		expect(await refusalOf(make())).toBe('quota_exceeded');
		const { items } = await admin.api.apiKeys.list({ org });
		expect(items.map(({ status }) => status).sort()).toEqual(['expired', ...Array<string>(5).fill('live'), 'revoked']);
	});

	test('finds room again where keys of somebody who left stood in the way', async () => {
		const { id, org, admin } = await startAdmin();
		await setTier(id, 'free');
		const second = await makeUser();
		await db.insertInto('membership').values({ orgId: id, userId: second.id, role: 'org_admin' }).execute();
		const theirs = await Promise.all(Array.from({ length: 5 }, () => makeKey(second, org)));
		expect(await refusalOf(makeKey(admin, org))).toBe('quota_exceeded');
		await second.api.members.leave({ org });
		expect(await refusalOf(admin.api.apiKeys.rotate({ org, id: theirs[0]!.id }))).toBe('conflict');
		const { won } = await race(20, () => makeKey(admin, org));
		expect(won).toHaveLength(5);
	});

	test('together with the removal of its maker leaves no key that works', async () => {
		const { org, admin, id } = await startAdmin();
		const [second] = [await makeUser()];
		await db.insertInto('membership').values({ orgId: id, userId: second.id, role: 'org_admin' }).execute();
		const made = race(20, () => makeKey(second, org));
		await admin.api.members.remove({ org, userId: second.id });
		const { won, lost } = await made;
		for (const { key } of won) expect(await live(org, key)).toBe('unauthenticated');
		for (const { reason } of lost) expect(reason).toBe('not_found');
	});
});

test('a key is listed with the calls that it may make, which are never more than its plan allows', async () => {
	const { id, org, admin, make } = await startAdmin();
	await setTier(id, 'free');
	await make();
	await make({ ratePerMinute: 5000, monthlyCalls: 20_000 });
	await make({ ratePerMinute: 60, monthlyCalls: 100 });
	const listed = async () => (await admin.api.apiKeys.list({ org })).items.map(({ effective }) => effective).reverse();
	const [plans, own] = [
		{ ratePerMinute: 600, monthlyCalls: 10_000 },
		{ ratePerMinute: 60, monthlyCalls: 100 }
	];
	expect(await listed()).toEqual([plans, plans, own]);
	await setTier(id, 'enterprise');
	expect(await listed()).toEqual([
		{ ratePerMinute: 6000, monthlyCalls: null },
		{ ratePerMinute: 5000, monthlyCalls: 20_000 },
		own
	]);
});

test('keys are listed newest first, page by page', async () => {
	const { org, admin, member, make } = await startAdmin();
	const made = [(await make()).id, (await make()).id, (await make()).id];
	await db.updateTable('apiKey').where('id', 'in', made).set({ createdAt: new Date() }).execute();
	const seen: string[] = [];
	let cursor: string | null | undefined;
	do {
		const page = await admin.api.apiKeys.list({ org, limit: 2, cursor: cursor ?? undefined });
		expect(page.total).toBe(cursor ? null : 3);
		seen.push(...page.items.map(({ id }) => id));
		cursor = page.nextCursor;
	} while (cursor);
	expect(seen.sort()).toEqual(made.sort());
	expect(await refusalOf(member.api.apiKeys.list({ org }))).toBe('forbidden');
});
