import { describe, expect, test } from 'vitest';
import { logOf, makeKey, makeOrg, newBrowser, newEmail, newProgram } from '../../../tests/fixtures.ts';
import { identify } from '../auth/actor.ts';
import { db, pool } from '../db.ts';
import { exposesKey, isKey, newKey, withoutKeys } from './secret.ts';

const refusalOf = (call: Promise<unknown>) =>
	call.then(
		() => null,
		(error: { reason?: string }) => error.reason
	);

async function start(...bounds: Parameters<typeof makeKey> extends [unknown, string, ...infer B] ? B : never) {
	const { id, slug, members } = await makeOrg('org_admin', 'org_admin');
	const [admin, second] = members;
	const key = await makeKey(admin, slug, ...bounds);
	const read = () => refusalOf(key.api.orgs.get({ org: slug }));
	return { id, slug, admin, second, key, read };
}

/** How many statements `work` has the database run. */
async function statements(work: () => Promise<unknown>): Promise<number> {
	let asked = 0;
	const query = pool.query.bind(pool);
	pool.query = ((...args: Parameters<typeof query>) => {
		asked++;
		return query(...args);
	}) as typeof pool.query;
	await work().finally(() => (pool.query = query));
	return asked;
}

describe('a key', () => {
	test('is 256 bits and a checksum, which tells a mistyped one', () => {
		const { key, prefix, hash } = newKey();
		expect(key).toMatch(/^gh_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
		expect(key.startsWith(`${prefix}_`)).toBe(true);
		expect(hash).not.toContain(key.slice(12));
		expect(isKey(key)).toBe(true);
		for (let at = 3; at < key.length; at++) {
			if (at === 11) continue;
			expect(isKey(key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1)), `at ${at}`).toBe(false);
		}
	});

	test('is stored as a hash, and is in no answer but its first', async () => {
		const { slug, admin, key } = await start();
		const { items } = await admin.api.apiKeys.list({ org: slug });
		expect(items).toMatchObject([{ id: key.id, prefix: key.prefix, role: 'member', revokedAt: null, status: 'live' }]);
		const told = [items, await admin.api.audit.list({ org: slug }), await key.api.auth.me()];
		const secret = key.key.slice(key.prefix.length + 1);
		expect(JSON.stringify(told)).not.toContain(secret);
		const rows = await db.selectFrom('apiKeySecret').where('keyId', '=', key.id).selectAll().execute();
		expect(JSON.stringify(rows)).not.toContain(secret);
		expect(JSON.stringify(told)).not.toContain(rows[0]!.hash);
	});

	test('says who it is, and acts in its organization alone', async () => {
		const { id, slug, key } = await start();
		expect(await key.api.auth.me()).toEqual({
			key: {
				id: key.id,
				name: 'Robot',
				role: 'member',
				permissions: ['org.read', 'members.read', 'customers.read', 'customers.write', 'usage.read']
			},
			org: { slug, name: 'Acme' }
		});
		const { id: customerId } = await key.api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		expect(await logOf(id)).toMatchObject([
			{ action: 'key.created', actorKind: 'user', target: 'Robot' },
			{ action: 'customer.created', actorKind: 'key', actorId: key.id, targetId: customerId }
		]);
		const other = await makeOrg('org_admin');
		await db
			.insertInto('membership')
			.values({ orgId: other.id, userId: (await start()).admin.id, role: 'member' })
			.execute();
		for (const org of [other.slug, 'no-such-organization', '../x']) {
			expect(await refusalOf(key.api.orgs.get({ org }))).toBe('not_found');
		}
	});

	test('stands in the log by the name that it had', async () => {
		const { slug, admin, key } = await start({ name: 'Importer' });
		await key.api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
		await admin.api.apiKeys.update({ org: slug, id: key.id, name: 'Renamed' });
		const { items } = await admin.api.audit.list({ org: slug, actorId: key.id });
		expect(items).toMatchObject([{ actor: { kind: 'key', id: key.id, name: 'Importer' } }]);
	});
});

describe('what is no key', () => {
	const forged = () => newKey().key;
	const mistyped = () => forged().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));

	test('is refused, and asks the database only where its checksum is right', async () => {
		for (const sent of ['', 'x', 'gh_', mistyped(), `${forged()}x`, forged().slice(0, -1)]) {
			const asked = await statements(async () =>
				expect(await refusalOf(newProgram(sent).actor())).toBe('unauthenticated')
			);
			expect(asked, sent).toBe(0);
		}
		const asked = await statements(async () =>
			expect(await refusalOf(newProgram(forged()).actor())).toBe('unauthenticated')
		);
		expect(asked).toBe(1);
	});

	test('opens nothing by its hash, its prefix or another scheme', async () => {
		const { key } = await start();
		const { hash } = await db
			.selectFrom('apiKeySecret')
			.where('keyId', '=', key.id)
			.select('hash')
			.executeTakeFirstOrThrow();
		for (const sent of [hash, key.prefix]) expect(await refusalOf(newProgram(sent).actor())).toBe('unauthenticated');
		const as = async (authorization: string) => {
			const request = new Request('http://localhost', { headers: { authorization } });
			const event = {
				cookies: newBrowser().cookies,
				request,
				locals: { requestId: '' },
				getClientAddress: () => '::1'
			};
			return (await identify(event as unknown as Parameters<typeof identify>[0])).kind;
		};
		expect(await as(`bearer ${key.key}`)).toBe('apiKey');
		expect(await as(`Basic ${btoa(`x:${key.key}`)}`)).toBe('anonymous');
	});

	test('is refused beside a session, alive or not', async () => {
		const { key } = await start();
		key.cookies.set('session_id', 'anything', { path: '/' });
		await expect(key.actor()).rejects.toMatchObject({ reason: 'invalid', code: 'BAD_REQUEST' });
	});
});

test('a key in an address is found, however it is written, and kept from the log', () => {
	const { key } = newKey();
	const escaped = key.replace(/[a-z]/gi, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
	for (const address of [`/?key=${key}`, `/trpc/${key}`, `/a?b=%22${key}%22`, `/?k=${escaped}`, `/%zz?k=${key}`]) {
		expect(exposesKey(new URL(address, 'http://localhost')), address).toBe(true);
	}
	for (const address of ['/', '/?q=gh_short', '/orgs/gh_acme/customers?q=100%25']) {
		expect(exposesKey(new URL(address, 'http://localhost')), address).toBe(false);
	}
	expect(withoutKeys(`orgs.get/${key}`)).toBe('orgs.get/gh_…');
});

describe('a key ends on its very next call', () => {
	test('when it is revoked, which nobody does twice', async () => {
		const { slug, second, key, read } = await start();
		expect(await read()).toBeNull();
		expect(await second.api.apiKeys.revoke({ org: slug, id: key.id })).toMatchObject({ id: key.id });
		expect(await read()).toBe('unauthenticated');
		expect(await refusalOf(second.api.apiKeys.revoke({ org: slug, id: key.id }))).toBe('not_found');
	});

	test('when its life is over', async () => {
		const { key, read } = await start({ expiresInDays: 1 });
		expect(await read()).toBeNull();
		await db.updateTable('apiKey').where('id', '=', key.id).set({ expiresAt: new Date() }).execute();
		expect(await read()).toBe('unauthenticated');
	});

	test('while its maker is suspended, and no longer', async () => {
		const { admin, read } = await start();
		const suspend = (suspendedAt: Date | null) =>
			db.updateTable('user').where('id', '=', admin.id).set({ suspendedAt }).execute();
		await suspend(new Date());
		expect(await read()).toBe('unauthenticated');
		await suspend(null);
		expect(await read()).toBeNull();
	});

	test('when its maker leaves, is removed or erased, even if they return', async () => {
		const { id, slug, admin, second, key, read } = await start();
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

	test('with its organization', async () => {
		const { slug, admin, read } = await start();
		await admin.api.orgs.delete({ org: slug, confirm: slug });
		expect(await read()).toBe('unauthenticated');
	});
});

describe('a key shrinks with its maker', () => {
	test('to what they may do today, and grows back no further than it was', async () => {
		const { slug, admin, second, key } = await start();
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
		const { read } = await start({ allowedIps: [...allowedIps] }, address);
		expect(await read()).toBe(isAllowed ? null : 'forbidden');
	});
});
