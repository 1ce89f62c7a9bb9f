import { describe, expect, test } from 'vitest';
import { makeKey, makeOrg, newEmail, race } from '../../../tests/fixtures.ts';
import { refusalOf, startReader } from '../../../tests/keys.ts';
import { enterAll, inOrg } from '../auth/access.ts';
import { db, transaction, type Db } from '../db.ts';
import { addDayUses } from '../usage/queries.ts';
import { Months } from './month.ts';
import { addKeyUses } from './uses.ts';

describe('a key ends on its very next call', () => {
	test('when it is revoked, which nobody does twice', async () => {
		const { slug, second, key, read } = await startReader();
		expect(await read()).toBeNull();
		expect(await second.api.apiKeys.revoke({ org: slug, id: key.id })).toMatchObject({ id: key.id });
		expect(await read()).toBe('unauthenticated');
		expect(await refusalOf(second.api.apiKeys.revoke({ org: slug, id: key.id }))).toBe('not_found');
	});

	test('when its life is over', async () => {
		const { key, read } = await startReader({ expiresInDays: 1 });
		expect(await read()).toBeNull();
		await db.updateTable('apiKey').where('id', '=', key.id).set({ expiresAt: new Date() }).execute();
		expect(await read()).toBe('unauthenticated');
	});

	test('while its maker is suspended, and no longer', async () => {
		const { admin, read } = await startReader();
		const suspend = (suspendedAt: Date | null) =>
			db.updateTable('user').where('id', '=', admin.id).set({ suspendedAt }).execute();
		await suspend(new Date());
		expect(await read()).toBe('unauthenticated');
		await suspend(null);
		expect(await read()).toBeNull();
	});

	test('when its maker leaves, is removed or erased, even if they return', async () => {
		const { id, slug, admin, second, key, read } = await startReader();
		const later = await makeKey(second, slug);
		await second.api.members.remove({ org: slug, userId: admin.id });
		expect(await read()).toBe('unauthenticated');
		await db.insertInto('membership').values({ orgId: id, userId: admin.id, role: 'org_admin' }).execute();
		expect(await read()).toBe('unauthenticated');
		expect((await admin.api.apiKeys.list({ org: slug })).items).toMatchObject([
			{ id: later.id, status: 'live' },
			{ id: key.id, status: 'maker_left', maker: null }
		]);
		await db.deleteFrom('user').where('id', '=', second.id).execute();
		expect(await refusalOf(later.api.orgs.get({ org: slug }))).toBe('unauthenticated');
	});

	test('while its organization is suspended, which then opens for nobody', async () => {
		const { id, slug, admin, read } = await startReader();
		const suspend = (suspendedAt: Date | null) =>
			db.updateTable('org').where('id', '=', id).set({ suspendedAt }).execute();
		const stranger = await makeOrg('org_admin');
		await suspend(new Date());
		expect(await read()).toBe('unauthenticated');
		expect(await refusalOf(admin.api.orgs.get({ org: slug }))).toBe('suspended');
		expect(await refusalOf(stranger.members[0].api.orgs.get({ org: slug }))).toBe('not_found');
		const actor = await makeKey(stranger.members[0], stranger.slug).then(({ actor }) => actor());
		await db.updateTable('org').where('id', '=', stranger.id).set({ suspendedAt: new Date() }).execute();
		const goingOn = inOrg(actor, stranger.slug, 'org.read', 'read only', () => Promise.resolve());
		expect(await refusalOf(goingOn)).toBe('suspended');
		await suspend(null);
		expect(await read()).toBeNull();
	});

	test('with its organization', async () => {
		const { slug, admin, read } = await startReader();
		await admin.api.orgs.delete({ org: slug, confirm: slug });
		expect(await read()).toBe('unauthenticated');
	});
});

test('calls while its organization is deleted are refused, and never an error of the server', async () => {
	const { slug, admin, key } = await startReader();
	const later = new Promise((resolve) => setTimeout(resolve, 20));
	const calls = race(60, (nth) => (nth % 2 ? later : Promise.resolve()).then(() => key.api.orgs.get({ org: slug })));
	await admin.api.orgs.delete({ org: slug, confirm: slug });
	const { lost } = await calls;
	for (const { reason } of lost) expect(['unauthenticated', 'not_found']).toContain(reason);
	expect(await refusalOf(key.api.orgs.get({ org: slug }))).toBe('unauthenticated');
});

test('what is counted of a key while its organization is deleted waits for that, and is dropped', async () => {
	const { id: orgId, key } = await startReader();
	const use = { orgId, keyId: key.id, day: '2030-01-31', procedure: 'orgs.get', calls: 1, refused: 0 };
	const call = { ...use, at: new Date(), ip: '192.0.2.1', outcome: 'ok' };
	const dayUse = { orgId, day: use.day, measure: 'calls', kind: 'key', id: key.id, used: 1 } as const;
	const write = (work: (tx: Db) => Promise<unknown>) => transaction((tx) => enterAll(tx).then(() => work(tx)));
	const counted = await transaction(async (tx) => {
		await tx.deleteFrom('org').where('id', '=', orgId).execute();
		const counting = Promise.allSettled([
			new Months().spend({ id: key.id, monthlyCalls: null, org: { monthlyCalls: -1 } }),
			write((other) => addKeyUses(other, [use], [call])),
			write((other) => addDayUses(other, [dayUse]))
		]);
		await new Promise((resolve) => setTimeout(resolve, 300));
		return { counting };
	});
	const [spent, ...written] = await counted.counting;
	expect(spent).toEqual({ status: 'fulfilled', value: 'gone' });
	expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
});

describe('a key shrinks with its maker', () => {
	test('to what they may do today, and grows back no further than it was', async () => {
		const { slug, admin, second, key } = await startReader();
		const write = () => refusalOf(key.api.customers.create({ org: slug, name: 'Ada', email: newEmail() }));
		expect(await write()).toBeNull();
		await second.api.members.setRole({ org: slug, userId: admin.id, role: 'readonly' });
		expect(await write()).toBe('forbidden');
		expect(await key.api.auth.me()).toMatchObject({ key: { role: 'readonly' } });
		expect(await refusalOf(key.api.customers.list({ org: slug }))).toBeNull();
		await second.api.members.setRole({ org: slug, userId: admin.id, role: 'org_admin' });
		expect(await write()).toBeNull();
		expect(await refusalOf(key.api.audit.list({ org: slug }))).toBe('forbidden');
	});
});

describe('where a key may be used from', () => {
	test.for([
		['192.0.2.7', ['192.0.2.0/24'], true],
		['192.0.3.7', ['192.0.2.0/24'], false],
		['192.0.2.7', ['192.0.2.200/24'], true],
		['192.0.2.7', ['192.0.2.7'], true],
		['192.0.2.8', ['192.0.2.7'], false],
		['2001:db8::1', ['192.0.2.0/24', '2001:DB8::/32'], true],
		['2001:db9::1', ['192.0.2.0/24', '2001:db8::/32'], false],
		['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
		['192.0.2.7', ['::/0'], false],
		['192.0.2.7', ['0.0.0.0/0'], true]
	] as const)('from %s with %j: %s', async ([address, allowedIps, isAllowed]) => {
		const { read } = await startReader({ allowedIps: [...allowedIps] }, address);
		expect(await read()).toBe(isAllowed ? null : 'forbidden');
	});
});
