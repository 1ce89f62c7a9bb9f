import { expect, test } from 'vitest';
import { PERMISSIONS } from '#lib/roles.ts';
import { makeUser } from '../../tests/fixtures.ts';
import { accessTable } from './router.ts';

const table = accessTable();

test('who may call what', () => {
	expect(Object.fromEntries(table.map(({ path, type, access }) => [path, `${type} ${access}`]))).toMatchInlineSnapshot(`
		{
		  "account.activity": "query user",
		  "account.cancelEmailChange": "mutation user",
		  "account.changeEmail": "mutation user",
		  "account.confirmEmail": "mutation public",
		  "account.connections": "query user",
		  "account.deactivate": "mutation user",
		  "account.delete": "mutation user",
		  "account.departure": "query user",
		  "account.emailChange": "query public",
		  "account.emailUndo": "query public",
		  "account.export": "mutation user",
		  "account.exportLink": "query user",
		  "account.exportStatus": "query user",
		  "account.get": "query user",
		  "account.reauthenticate": "mutation user",
		  "account.resendEmailChange": "mutation user",
		  "account.restoration": "query public",
		  "account.restore": "mutation public",
		  "account.revokeOtherSessions": "mutation user",
		  "account.revokeSession": "mutation user",
		  "account.sessions": "query user",
		  "account.undoEmail": "mutation public",
		  "account.unlink": "mutation user",
		  "account.update": "mutation user",
		  "admin.figures": "query sys_admin",
		  "admin.health": "query sys_admin",
		  "admin.impersonate": "mutation sys_admin",
		  "admin.jobs.list": "query sys_admin",
		  "admin.jobs.retry": "mutation sys_admin",
		  "admin.jobs.tasks": "query sys_admin",
		  "admin.log.list": "query sys_admin",
		  "admin.mail.list": "query sys_admin",
		  "admin.mail.sendTest": "mutation sys_admin",
		  "admin.orgs.activate": "mutation sys_admin",
		  "admin.orgs.create": "mutation sys_admin",
		  "admin.orgs.get": "query sys_admin",
		  "admin.orgs.inviteAdmin": "mutation sys_admin",
		  "admin.orgs.list": "query sys_admin",
		  "admin.orgs.members": "query sys_admin",
		  "admin.orgs.setTier": "mutation sys_admin",
		  "admin.orgs.suspend": "mutation sys_admin",
		  "admin.orgs.update": "mutation sys_admin",
		  "admin.settings.list": "query sys_admin",
		  "admin.settings.set": "mutation sys_admin",
		  "admin.stopImpersonating": "mutation user",
		  "admin.tiers.list": "query sys_admin",
		  "admin.tiers.update": "mutation sys_admin",
		  "admin.users.activate": "mutation sys_admin",
		  "admin.users.activity": "query sys_admin",
		  "admin.users.anonymize": "mutation sys_admin",
		  "admin.users.create": "mutation sys_admin",
		  "admin.users.endSessions": "mutation sys_admin",
		  "admin.users.get": "query sys_admin",
		  "admin.users.list": "query sys_admin",
		  "admin.users.sendReset": "mutation sys_admin",
		  "admin.users.setSysAdmin": "mutation sys_admin",
		  "admin.users.suspend": "mutation sys_admin",
		  "admin.users.verify": "mutation sys_admin",
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
		  "account.export": "export",
		  "account.exportLink": "token",
		  "account.restoration": "token",
		  "account.restore": "token",
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

test('text that PostgreSQL cannot store is refused before anything happens', async () => {
	const { api } = await makeUser();
	for (const firstName of ['a\0b', 'a\ud800b']) {
		await expect(api.account.update({ firstName })).rejects.toMatchObject({ reason: 'invalid' });
	}
});
