import { expect, test } from 'vitest';
import { can, PERMISSIONS } from '#lib/roles.ts';
import { makeOrg, makeUser, newBrowser } from '../../tests/fixtures.ts';
import { db } from './db.ts';
import { accessTable } from './router.ts';
import type { Access } from './trpc.ts';

const table = accessTable();

type Api = ReturnType<typeof newBrowser>['api'];
type Call = (input: unknown) => Promise<unknown>;

/** What an access is refused with; that something is missing says so only where there is an organisation to find. */
const REFUSALS = new Set(['unauthenticated', 'forbidden', 'suspended']);
const refuses = (path: string, reason: string | null) =>
	REFUSALS.has(reason!) || (reason === 'not_found' && table.find((row) => row.path === path)?.access?.includes('.'));

/** Why a call is refused; null when it was let in, whatever became of it then. */
async function refusal(api: Api, path: string, input: unknown = {}): Promise<string | null> {
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
	const { reason } = await call(input).then(
		() => ({ reason: null }),
		(error: { reason?: string }) => ({ reason: error.reason ?? null })
	);
	return refuses(path, reason) ? reason : null;
}

test('who may call what', () => {
	expect(Object.fromEntries(table.map(({ path, type, access }) => [path, `${type} ${access}`]))).toMatchInlineSnapshot(`
		{
		  "account.activity": "query user",
		  "account.cancelEmailChange": "mutation user",
		  "account.changeEmail": "mutation user",
		  "account.confirmEmail": "mutation public",
		  "account.connections": "query user",
		  "account.emailChange": "query public",
		  "account.emailUndo": "query public",
		  "account.get": "query user",
		  "account.reauthenticate": "mutation user",
		  "account.resendEmailChange": "mutation user",
		  "account.revokeOtherSessions": "mutation user",
		  "account.revokeSession": "mutation user",
		  "account.sessions": "query user",
		  "account.undoEmail": "mutation public",
		  "account.unlink": "mutation user",
		  "account.update": "mutation user",
		  "admin.orgs.create": "mutation sys_admin",
		  "admin.orgs.inviteAdmin": "mutation sys_admin",
		  "admin.settings.list": "query sys_admin",
		  "admin.settings.set": "mutation sys_admin",
		  "apiKeys.calls": "query keys.manage",
		  "apiKeys.create": "mutation keys.manage",
		  "apiKeys.get": "query keys.manage",
		  "apiKeys.list": "query keys.manage",
		  "apiKeys.revoke": "mutation keys.manage",
		  "apiKeys.rotate": "mutation keys.manage",
		  "apiKeys.update": "mutation keys.manage",
		  "apiKeys.usage": "query keys.manage",
		  "assistant.summarize": "mutation customers.read",
		  "audit.list": "query audit.read",
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
		  "credits.grant": "mutation sys_admin",
		  "customers.create": "mutation customers.write",
		  "customers.delete": "mutation customers.write",
		  "customers.get": "query customers.read",
		  "customers.list": "query customers.read",
		  "customers.update": "mutation customers.write",
		  "invitations.accept": "mutation user",
		  "invitations.acceptAsNew": "mutation public",
		  "invitations.acceptMine": "mutation user",
		  "invitations.create": "mutation members.invite",
		  "invitations.createMany": "mutation members.invite",
		  "invitations.decline": "mutation public",
		  "invitations.declineMine": "mutation user",
		  "invitations.get": "query public",
		  "invitations.list": "query members.invite",
		  "invitations.mine": "query user",
		  "invitations.resend": "mutation members.invite",
		  "invitations.revoke": "mutation members.invite",
		  "members.leave": "mutation org.read",
		  "members.list": "query members.read",
		  "members.remove": "mutation members.write",
		  "members.setRole": "mutation members.write",
		  "oauth.authorizeUrl": "mutation public",
		  "oauth.connectWaiting": "mutation user",
		  "oauth.oneTap": "mutation public",
		  "oauth.oneTapNonce": "mutation public",
		  "oauth.waiting": "query user",
		  "orgs.create": "mutation user",
		  "orgs.delete": "mutation org.delete",
		  "orgs.get": "query org.read",
		  "orgs.list": "query user",
		  "orgs.update": "mutation org.update",
		  "password.forgot": "mutation public",
		  "password.link": "query public",
		  "password.reset": "mutation public",
		  "password.update": "mutation user",
		  "settings.list": "query user",
		  "settings.set": "mutation user",
		  "todos.create": "mutation user",
		  "todos.delete": "mutation user",
		  "todos.list": "query user",
		  "todos.update": "mutation user",
		  "usage.fleet": "query sys_admin",
		  "usage.history": "query usage.read",
		  "usage.summary": "query usage.read",
		  "usage.topUsers": "query usage.readAll",
		}
	`);
});

test('what tries a secret is no call of a batch', () => {
	const secretive = table.filter(({ path }) => /^password\.|^auth\.(login|signup)|\.accept/.test(path));
	expect(secretive.length).toBeGreaterThanOrEqual(10);
	expect(secretive.filter(({ alone }) => !alone)).toEqual([]);
});

test('what is counted by a limit of its own, and not as every call', () => {
	const limited = table.flatMap(({ path, limit }) => (limit ? [[path, limit]] : []));
	expect(Object.fromEntries(limited)).toMatchInlineSnapshot(`
		{
		  "account.confirmEmail": "token",
		  "account.emailChange": "token",
		  "account.emailUndo": "token",
		  "account.undoEmail": "token",
		  "auth.login": "login",
		  "auth.resendVerification": "resend",
		  "auth.signup": "signup",
		  "auth.signupOrg": "signup",
		  "auth.verification": "token",
		  "auth.verifyEmail": "token",
		  "invitations.accept": "token",
		  "invitations.acceptAsNew": "token",
		  "invitations.decline": "token",
		  "invitations.get": "token",
		  "password.forgot": "forgot",
		  "password.link": "token",
		  "password.reset": "token",
		}
	`);
});

test('the least role that each permission needs', () => {
	expect(PERMISSIONS).toMatchInlineSnapshot(`
		{
		  "audit.read": "org_admin",
		  "customers.read": "readonly",
		  "customers.write": "member",
		  "keys.manage": "org_admin",
		  "members.invite": "org_admin",
		  "members.read": "readonly",
		  "members.write": "org_admin",
		  "org.delete": "org_admin",
		  "org.read": "readonly",
		  "org.update": "org_admin",
		  "usage.read": "member",
		  "usage.readAll": "org_admin",
		}
	`);
});

async function makePeople() {
	const { slug, members } = await makeOrg('readonly', 'member', 'org_admin', 'org_admin');
	const [readonly, member, org_admin, suspended] = members;
	await db.updateTable('user').where('id', '=', suspended.id).set({ suspendedAt: new Date() }).execute();
	const {
		members: [neighbor]
	} = await makeOrg('org_admin');
	const sys_admin = await makeUser({ sysAdmin: true });
	return {
		org: slug,
		people: { anonymous: newBrowser(), suspended, neighbor, sys_admin, readonly, member, org_admin }
	};
}
type Who = keyof Awaited<ReturnType<typeof makePeople>>['people'];

/** Why `who` must be refused; null for those that an access names. */
function due(access: Access, who: Who): string | null {
	if (access === 'public') return null;
	if (who === 'anonymous') return 'unauthenticated';
	if (who === 'suspended') return 'suspended';
	if (access === 'user') return null;
	if (access === 'sys_admin') return who === 'sys_admin' ? null : 'forbidden';
	if (who === 'neighbor' || who === 'sys_admin') return 'not_found';
	return can(who, access) ? null : 'forbidden';
}

// The guard stands before the rest of the input is looked at, so the organisation is all that a call needs.
test.for(table)('$path is open to those that its access names, and to nobody else', async ({ path, access }) => {
	const { org, people } = await makePeople();
	const refusals: Record<string, string | null> = {};
	for (const [who, { api }] of Object.entries(people)) refusals[who] = await refusal(api, path, { org });
	const dues = Object.keys(people).map((who) => [who, due(access!, who as Who)]);
	expect(refusals).toEqual(Object.fromEntries(dues));
});

test('an organization closes to somebody who left on the very next call', async () => {
	const {
		id,
		slug,
		members: [member]
	} = await makeOrg('member');
	expect(await refusal(member.api, 'orgs.get', { org: slug })).toBeNull();
	await db.deleteFrom('membership').where('orgId', '=', id).execute();
	expect(await refusal(member.api, 'orgs.get', { org: slug })).toBe('not_found');
});

test('the service closes to an administrator who is one no more on the very next call', async () => {
	const { id, api } = await makeUser({ sysAdmin: true });
	expect(await refusal(api, 'admin.orgs.create')).toBeNull();
	await db.updateTable('user').where('id', '=', id).set({ sysAdmin: false }).execute();
	expect(await refusal(api, 'admin.orgs.create')).toBe('forbidden');
});

test('text that PostgreSQL cannot store is refused before anything happens', async () => {
	const { api } = await makeUser();
	for (const firstName of ['a\0b', 'a\ud800b']) {
		await expect(api.account.update({ firstName })).rejects.toMatchObject({ reason: 'invalid' });
	}
});
