import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { exposesKey } from '../../../http/exposed.ts';
import { refuseHead } from '../../../http/head.ts';
import { refusals } from '../../../http/refusals.ts';
import { logOf, makeOrg, newBrowser, newEmail, newProgram } from '../../../tests/fixtures.ts';
import { refusalOf, startReader } from '../../../tests/keys.ts';
import { identify } from '../auth/actor.ts';
import { db, pool } from '../db.ts';
import { isKey, newKey } from './secret.ts';

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
		const { key, prefix } = newKey();
		expect(key).toMatch(/^gh_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
		expect(key.startsWith(`${prefix}_`)).toBe(true);
		expect(isKey(key)).toBe(true);
		for (let at = 3; at < key.length; at++) {
			if (at === 11) continue;
			expect(isKey(key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1)), `at ${at}`).toBe(false);
		}
	});

	test('is stored as a hash, and is in no answer but its first', async () => {
		const { slug, admin, key } = await startReader();
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
		const { id, slug, key } = await startReader();
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
			.values({ orgId: other.id, userId: (await startReader()).admin.id, role: 'member' })
			.execute();
		for (const org of [other.slug, 'no-such-organization', '../x']) {
			expect(await refusalOf(key.api.orgs.get({ org }))).toBe('not_found');
		}
	});

	test('stands in the log by the name that it had', async () => {
		const { slug, admin, key } = await startReader({ name: 'Importer' });
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
		const { key } = await startReader();
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
		const { key } = await startReader();
		key.cookies.set('session_id', 'anything', { path: '/' });
		await expect(key.actor()).rejects.toMatchObject({ reason: 'invalid', code: 'BAD_REQUEST' });
	});
});

test('a key in an address is found, however it is written', () => {
	const { key } = newKey();
	const escaped = key.replace(/[a-z]/gi, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
	const again = (times: number) => escaped.replaceAll('%', `%${'25'.repeat(times)}`);
	const mixed = escaped.replaceAll('%', '%2%35').replaceAll('6', '%36');
	for (const address of [`/?key=${key}`, `/trpc/${key}`, `/a?b=%22${key}%22`, `/?k=${escaped}`, `/%zz?k=${key}`]) {
		expect(exposesKey(address), address).toBe(true);
	}
	for (const written of [again(1), again(2), again(25), mixed])
		expect(exposesKey(`/?k=${written}`), written).toBe(true);
	for (const address of ['/', '/?q=gh_short', '/orgs/gh_acme/customers?q=100%25']) {
		expect(exposesKey(address), address).toBe(false);
	}
});

describe('before the app', () => {
	const refusalOf = (url: string, headers: string[] = [], method = 'GET') =>
		refuseHead(
			{
				...{ method, url, httpVersionMajor: 1, headers: {} },
				headersDistinct: { host: ['localhost'], authorization: headers }
			} as unknown as IncomingMessage,
			undefined
		);

	test('a key in an address is refused wherever it leads, and whatever the method', () => {
		const { key } = newKey();
		for (const path of ['/health', '/robots.txt', '/_app/immutable/entry.js', '/trpc/auth.me', '/nothing']) {
			expect(refusalOf(`${path}?key=${key}`), path).toBe(refusals.exposedKey);
			expect(refusalOf(`${path}?key=${key}`, [], 'TRACE'), path).toBe(refusals.exposedKey);
			expect(refusalOf(path), path).toBeUndefined();
		}
	});

	test('two keys are refused, and one is not', () => {
		const [one, other] = [`Bearer ${newKey().key}`, `Bearer ${newKey().key}`];
		expect(refusalOf('/trpc/auth.me', [one, other])).toBe(refusals.manyKeys);
		expect(refusalOf('/trpc/auth.me', [one])).toBeUndefined();
	});
});
