import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser } from '../../tests/fixtures.ts';
import { db } from './db.ts';
import { accessTable } from './router.ts';
import type { Access } from './trpc.ts';

const table = accessTable();
const NOBODY = '00000000-0000-4000-8000-000000000000';

type Api = ReturnType<typeof newBrowser>['api'];
type Call = (input: unknown) => Promise<unknown>;

/** Why a call is refused; null when it was let in, whatever became of it then. */
async function refusal(api: Api, path: string, input: unknown = {}): Promise<string | null> {
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
	const { reason } = await call(input).then(
		() => ({ reason: null }),
		(error: { reason?: string }) => ({ reason: error.reason ?? null })
	);
	return ['unauthenticated', 'forbidden', 'suspended', 'not_found'].includes(reason ?? '') ? reason : null;
}

const needing = (wanted: (access: Access) => boolean) =>
	table.filter(({ access }) => wanted(access!)).map(({ path }) => path);
const personal = needing((access) => access === 'user' || access === 'sys_admin');
const tenant = needing((access) => access.includes('.'));

test('who may call what', () => {
	expect(Object.fromEntries(table.map(({ path, type, access }) => [path, `${type} ${access}`]))).toMatchInlineSnapshot(`
		{
		  "account.get": "query user",
		  "account.update": "mutation user",
		  "auth.config": "query public",
		  "auth.login": "mutation public",
		  "auth.logout": "mutation public",
		  "auth.me": "query user",
		  "auth.resendVerification": "mutation public",
		  "auth.session": "query public",
		  "auth.signup": "mutation public",
		  "auth.signupOrg": "mutation public",
		  "auth.verification": "query public",
		  "auth.verifyEmail": "mutation public",
		  "orgs.get": "query org.read",
		  "password.forgot": "mutation public",
		  "password.link": "query public",
		  "password.reset": "mutation public",
		  "password.update": "mutation user",
		}
	`);
});

test.for([...personal, ...tenant])('%s asks a signed-out caller to sign in', async (path) => {
	expect(await refusal(newBrowser().api, path, { org: 'acme' })).toBe('unauthenticated');
});

test.for([...personal, ...tenant])('%s is closed to the suspended', async (path) => {
	expect(await refusal((await makeUser({ suspendedAt: new Date() })).api, path, { org: 'acme' })).toBe('suspended');
});

describe('an organization', () => {
	test.for(tenant)('%s looks missing to a stranger, to an admin of another and to a sys_admin', async (path) => {
		const { slug } = await makeOrg('org_admin');
		const {
			members: [neighbor]
		} = await makeOrg('org_admin');
		const outsiders = [await makeUser(), neighbor, await makeUser({ sysAdmin: true })];
		for (const { api } of outsiders) {
			expect(await refusal(api, path, { org: slug })).toBe('not_found');
			expect(await refusal(api, path, { org: NOBODY })).toBe('not_found');
		}
	});

	test('is open to its members', async () => {
		const { slug, members } = await makeOrg('readonly', 'member', 'org_admin');
		for (const { api } of members) expect(await api.orgs.get({ org: slug })).toMatchObject({ slug, name: 'Acme' });
	});

	test('closes to somebody who left on the very next call', async () => {
		const {
			id,
			slug,
			members: [member]
		} = await makeOrg('member');
		expect(await refusal(member.api, 'orgs.get', { org: slug })).toBeNull();
		await db.deleteFrom('membership').where('orgId', '=', id).execute();
		expect(await refusal(member.api, 'orgs.get', { org: slug })).toBe('not_found');
	});
});

test('text that PostgreSQL cannot store is refused before anything happens', async () => {
	const { api } = await makeUser();
	for (const firstName of ['a\0b', 'a\ud800b']) {
		await expect(api.account.update({ firstName })).rejects.toMatchObject({ reason: 'invalid' });
	}
});
