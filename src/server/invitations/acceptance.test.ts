import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newBrowser, PASSWORD, signedUp } from '../../../tests/fixtures.ts';
import { invited } from '../../../tests/invited.ts';
import { lastMail, lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

const roleIn = (orgId: string, userId: string) =>
	db.selectFrom('membership').where('orgId', '=', orgId).where('userId', '=', userId).select('role').executeTakeFirst();
const accounts = (email: string) => db.selectFrom('user').where('email', '=', email).select('id').execute();
const expire = (id: string) =>
	db.updateTable('invitation').where('id', '=', id).set({ expiresAt: new Date() }).execute();

describe('a new person', () => {
	test.for(['b2c', 'b2b'] as const)('by the link, in %s: account, membership, signed in', async (mode) => {
		const { org, id, email, token } = await invited();
		const { api } = newBrowser({ mode });
		expect(await api.invitations.get({ token })).toMatchObject({ org: { name: 'Acme' }, email, accountExists: false });
		const answer = await api.invitations.acceptAsNew({ token, password: PASSWORD, firstName: 'Nell', lastName: '' });
		expect(answer.org).toEqual({ slug: org.slug, name: 'Acme' });
		const me = await api.auth.me();
		expect(me).toMatchObject({
			user: { email, firstName: 'Nell', lastName: null, emailVerified: true },
			orgs: [{ slug: org.slug, role: 'member' }],
			csrfToken: answer.csrfToken
		});
		expect(me.orgs).toHaveLength(1);
		await newBrowser().api.auth.login({ identifier: email, password: PASSWORD });
		const { items } = await api.account.activity({});
		expect(items.map(({ action }) => action)).toContain('account.created');
		expect((await logOf(org.id)).at(-1)).toMatchObject({
			action: 'invitation.accepted',
			actorId: me.user.id,
			targetId: id,
			target: email,
			details: { role: 'member' }
		});
	});

	test('chooses a password that is not easy to guess, and a refused one leaves the link good', async () => {
		const { email, token } = await invited();
		const { api } = newBrowser();
		for (const password of ['short', email, 'password1234']) {
			const attempt = api.invitations.acceptAsNew({ token, password });
			await expect(attempt).rejects.toMatchObject({ reason: 'invalid', fields: { password: [expect.any(String)] } });
		}
		await api.invitations.acceptAsNew({ token, password: PASSWORD });
	});

	test('who signs up instead finds the invitation waiting', async () => {
		const { org, admin, id, email, expiresAt } = await invited();
		const { api } = await signedUp(email);
		expect(await accounts(email)).toEqual([]);
		await api.auth.verifyEmail({ token: await lastToken('verify', email) });
		const mine = { id, org: { name: 'Acme' }, role: 'member', invitedBy: admin.email, expiresAt };
		expect(await api.invitations.mine()).toEqual([mine]);
		expect(await api.invitations.acceptMine({ id })).toEqual({ org: { slug: org.slug, name: 'Acme' } });
		expect((await api.orgs.list()).map(({ slug }) => slug)).toContain(org.slug);
		expect(await api.invitations.mine()).toEqual([]);
	});

	test('ends the sign-ups that somebody else made with the address', async () => {
		const { email, token } = await invited();
		const stranger = await signedUp(email);
		expect(await stranger.api.invitations.get({ token })).toMatchObject({ accountExists: false });
		const verification = await lastToken('verify', email);
		await newBrowser().api.invitations.acceptAsNew({ token, password: 'four-llamas-at-sea' });
		await expect(stranger.api.auth.verifyEmail({ token: verification })).rejects.toMatchObject({ reason: 'not_found' });
		const login = stranger.api.auth.login({ identifier: email, password: PASSWORD });
		await expect(login).rejects.toMatchObject({ reason: 'invalid_credentials' });
	});

	test('is nobody who has an account, suspended ones included', async () => {
		for (const { email } of [await makeUser(), await makeUser({ suspendedAt: new Date() })]) {
			const { token } = await invited(email);
			const { api } = newBrowser();
			expect(await api.invitations.get({ token })).toMatchObject({ accountExists: true });
			const attempt = api.invitations.acceptAsNew({ token, password: PASSWORD });
			await expect(attempt).rejects.toMatchObject({
				reason: 'conflict',
				message: expect.stringContaining('Sign in') as string
			});
			expect(await api.invitations.get({ token })).toMatchObject({ email });
		}
	});
});

describe('somebody with an account', () => {
	test('accepts signed in, invited in whatever capitals', async () => {
		const person = await makeUser();
		const { slug, id, members } = await makeOrg('org_admin');
		const email = ` ${person.email.toUpperCase()}`;
		await members[0].api.invitations.create({ org: slug, email, role: 'readonly' });
		const token = await lastToken('invite', person.email);
		expect(await person.api.invitations.accept({ token })).toEqual({ org: { slug, name: 'Acme' } });
		expect(await roleIn(id, person.id)).toEqual({ role: 'readonly' });
	});

	test('signed out, is asked to sign in and accepts then', async () => {
		const { email, id } = await makeUser({ password: PASSWORD });
		const { org, token } = await invited(email);
		const { api } = newBrowser();
		await expect(api.invitations.accept({ token })).rejects.toMatchObject({ reason: 'unauthenticated' });
		await api.auth.login({ identifier: email, password: PASSWORD });
		await api.invitations.accept({ token });
		expect(await roleIn(org.id, id)).toEqual({ role: 'member' });
	});

	test('else is refused, and the invitation stays good', async () => {
		const { org, id, email, token } = await invited();
		const stranger = await makeUser();
		await expect(stranger.api.invitations.accept({ token })).rejects.toMatchObject({
			reason: 'forbidden',
			message: expect.stringContaining(email) as string
		});
		expect(await stranger.api.invitations.mine()).toEqual([]);
		for (const verb of ['acceptMine', 'declineMine'] as const) {
			await expect(stranger.api.invitations[verb]({ id })).rejects.toMatchObject({ reason: 'not_found' });
		}
		expect(await roleIn(org.id, stranger.id)).toBeUndefined();
		expect(await stranger.api.invitations.get({ token })).toMatchObject({ email });
	});

	test('whose address is not proven cannot accept, as themselves or anew', async () => {
		const { id: userId, email, api } = await makeUser();
		await db.updateTable('user').where('id', '=', userId).set({ emailVerifiedAt: null }).execute();
		const { id, token } = await invited(email);
		expect(await api.invitations.mine()).toEqual([]);
		const anew = newBrowser().api.invitations.acceptAsNew({ token, password: PASSWORD });
		await expect(anew).rejects.toMatchObject({ reason: 'conflict' });
		await expect(api.invitations.accept({ token })).rejects.toMatchObject({ reason: 'forbidden' });
		await expect(api.invitations.acceptMine({ id })).rejects.toMatchObject({ reason: 'not_found' });
	});
});

test('whose account was made by the service is asked to sign in, and can once they have set a password', async () => {
	const { email, org, token } = await invited();
	await (await makeUser({ sysAdmin: true })).api.admin.users.create({ email });
	const { api } = newBrowser();
	expect(await api.invitations.get({ token })).toMatchObject({ accountExists: true });
	await api.password.reset({ token: await lastToken('reset', email), password: PASSWORD });
	await api.auth.login({ identifier: email, password: PASSWORD });
	expect(await api.invitations.accept({ token })).toMatchObject({ org: { slug: org.slug } });
});

test('an expired, revoked, used or unknown link says which it is, to whatever is tried', async () => {
	const person = await makeUser();
	const attempts = (token: string) => [
		() => newBrowser().api.invitations.get({ token }),
		() => person.api.invitations.accept({ token }),
		() => newBrowser().api.invitations.acceptAsNew({ token, password: PASSWORD }),
		() => newBrowser().api.invitations.decline({ token })
	];
	const late = await invited(person.email);
	await expire(late.id);
	for (const attempt of attempts(late.token)) await expect(attempt()).rejects.toMatchObject({ reason: 'expired' });
	await expect(person.api.invitations.acceptMine({ id: late.id })).rejects.toMatchObject({ reason: 'expired' });
	expect(await person.api.invitations.mine()).toEqual([]);

	const revoked = await invited();
	await revoked.admin.api.invitations.revoke({ org: revoked.org.slug, id: revoked.id });
	const used = await invited();
	await newBrowser().api.invitations.acceptAsNew({ token: used.token, password: PASSWORD });
	for (const token of [revoked.token, used.token, 'unknown', '']) {
		for (const attempt of attempts(token)) await expect(attempt()).rejects.toMatchObject({ reason: 'not_found' });
	}
});

test('opening the link, however often, uses nothing up', async () => {
	const { token } = await invited();
	for (let time = 0; time < 3; time++) await newBrowser().api.invitations.get({ token });
	await newBrowser().api.invitations.acceptAsNew({ token, password: PASSWORD });
});

describe('declining', () => {
	test('by the link ends it and tells the inviter', async () => {
		const { org, admin, id, email, token } = await invited();
		expect(await newBrowser().api.invitations.decline({ token })).toEqual({ status: 'declined' });
		expect((await lastMail(admin.email, /declined/)).text).toContain(
			`Your invitation of ${email} to join Acme on Gatehouse was declined.`
		);
		expect((await logOf(org.id)).at(-1)).toMatchObject({
			action: 'invitation.declined',
			actorKind: 'system',
			targetId: id,
			target: email
		});
		const again = newBrowser().api.invitations.decline({ token });
		await expect(again).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('what waits for oneself does the same', async () => {
		const person = await makeUser();
		const { org, admin, id } = await invited(person.email);
		await person.api.invitations.declineMine({ id });
		await lastMail(admin.email, /declined/);
		expect((await logOf(org.id)).at(-1)).toMatchObject({ action: 'invitation.declined', actorId: person.id });
	});
});
