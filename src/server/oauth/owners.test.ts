import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit, type Browser } from '../../../tests/visits.ts';
import { db } from '../db.ts';
import { settings } from '../settings.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
deploy({ google: google.provider, oidc: oidc.provider });

const personOf = (email = newEmail()) => ({ sub: randomUUID(), email, email_verified: true });
const logIn = ({ api }: Browser, identifier: string) => api.auth.login({ identifier, password: PASSWORD });
const EXISTS = '/login?error=oauth_account_exists&redirectTo=%2Faccount%2Fconnections';
const flowsOf = (email: string) => db.updateTable('oauthFlow').where('email', '=', email);

describe('an address that has an account', () => {
	test('is connected after its owner signs in, with one click, and a mail tells them', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		const [browser, person] = [newBrowser(), personOf(email)];
		for (const provider of ['google', 'oidc', 'google'] as const) {
			expect(await visit(browser, provider, person)).toBe(EXISTS);
		}
		expect(await browser.api.auth.session()).toBeNull();
		await logIn(browser, email);
		expect(await browser.api.account.connections()).toEqual([]);
		const waiting = [
			{ provider: 'google', email },
			{ provider: 'oidc', email }
		];
		expect(await browser.api.oauth.waiting()).toEqual(waiting);
		const { won, lost } = await race(20, () => browser.api.oauth.connectWaiting({ provider: 'google' }));
		expect(won.length + lost.length).toBe(20);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['not_found']));
		expect(await browser.api.account.connections()).toMatchObject([{ provider: 'google', email }]);
		expect((await lastMail(email, /Google was connected/)).text).toContain('/account/connections');
		const added = (await browser.api.account.activity()).items.filter(({ action }) => action === 'connection.added');
		expect(added.map(({ details }) => details)).toEqual([{ provider: 'google' }]);
		const other = newBrowser();
		expect(await visit(other, 'google', person)).toBe('/orgs');
		expect((await other.api.auth.me()).user.id).toBe(id);
	});

	test('is connected also after its owner came in by a provider that is connected already', async () => {
		const [person, browser] = [personOf(), newBrowser()];
		await visit(newBrowser(), 'google', person);
		expect(await visit(browser, 'oidc', personOf(person.email))).toBe(EXISTS);
		const redirectTo = new URLSearchParams(EXISTS.split('?')[1]).get('redirectTo')!;
		expect(await visit(browser, 'google', person, { redirectTo })).toBe('/account/connections');
		await browser.api.oauth.connectWaiting({ provider: 'oidc' });
		const connections = await browser.api.account.connections();
		expect(connections.map(({ provider }) => provider)).toEqual(['google', 'oidc']);
	});

	test('is connected to nobody else, in no other browser, and not later', async () => {
		const owner = await makeUser({ password: PASSWORD });
		const somebody = await makeUser({ password: PASSWORD });
		const [browser, person] = [newBrowser(), personOf(owner.email)];
		expect(await visit(browser, 'google', person)).toBe(EXISTS);
		const refused = async ({ api }: Browser) => {
			expect(await api.oauth.waiting()).toEqual([]);
			const connecting = api.oauth.connectWaiting({ provider: 'google' });
			await expect(connecting).rejects.toMatchObject({ reason: 'not_found' });
			expect(await api.account.connections()).toEqual([]);
		};
		await logIn(browser, somebody.email);
		await refused(browser);
		await refused(owner);
		await logIn(browser, owner.email);
		const connecting = browser.api.oauth.connectWaiting({ provider: 'oidc' });
		await expect(connecting).rejects.toMatchObject({ reason: 'not_found' });
		await flowsOf(owner.email)
			.set({ expiresAt: new Date(Date.now() - 1000) })
			.execute();
		await refused(browser);
		expect(errorOf(await visit(newBrowser(), 'google', person))).toBe('oauth_account_exists');
	});

	test('asks for a recent sign-in, and tells of nothing without the provider’s word', async () => {
		const ago = new Date(Date.now() - 601_000);
		const { email, ...browser } = await makeUser({ password: PASSWORD, provenAt: ago });
		expect(await visit(browser, 'google', personOf(email))).toBe(EXISTS);
		const connecting = browser.api.oauth.connectWaiting({ provider: 'google' });
		await expect(connecting).rejects.toMatchObject({ reason: 'step_up_required' });
		const unverified = { ...personOf(email), email_verified: false };
		const other = newBrowser();
		expect(errorOf(await visit(other, 'google', unverified))).toBe('oauth_email_unverified');
		await other.api.auth.login({ identifier: email, password: PASSWORD });
		expect(await other.api.oauth.waiting()).toEqual([]);
	});

	test('connects no identity that is somebody else’s by then, nor a second one of its provider', async () => {
		const { email, ...browser } = await makeUser();
		const [first, second] = [personOf(email), personOf(email)];
		await visit(browser, 'google', first);
		const thief = await makeUser();
		await visit(thief, 'google', first, { intent: 'link' });
		const connect = () => browser.api.oauth.connectWaiting({ provider: 'google' });
		await expect(connect()).rejects.toMatchObject({ reason: 'conflict' });
		await visit(browser, 'google', second);
		await connect();
		await visit(browser, 'google', personOf(email));
		await expect(connect()).rejects.toMatchObject({ reason: 'conflict' });
		expect(await browser.api.account.connections()).toHaveLength(1);
	});
});

describe('an attacker who was there first', () => {
	test('with sign-ups, gets nothing: they die with their passwords and links', async () => {
		const email = newEmail();
		const [attacker, other] = [await signedUp(email), await signedUp(email)];
		const token = await lastToken('verify', email);
		const owner = newBrowser();
		expect(await visit(owner, 'google', personOf(email))).toBe('/orgs');
		expect((await owner.api.auth.me()).user).toMatchObject({ email, emailVerified: true });
		const { items } = await owner.api.account.activity();
		expect(items.filter(({ action }) => action === 'sign_up.discarded')).toHaveLength(1);

		for (const browser of [attacker, other, newBrowser()]) {
			await expect(logIn(browser, email)).rejects.toMatchObject({ reason: 'invalid_credentials' });
			await expect(browser.api.auth.verifyEmail({ token, password: PASSWORD })).rejects.toMatchObject({
				reason: 'not_found'
			});
			expect(await browser.api.auth.session()).toBeNull();
		}
		await attacker.api.auth.resendVerification({ email });
		const links = (await mailTo(email)).filter(({ text }) => text.includes('/verify/'));
		await attacker.api.auth.signup({ email, password: PASSWORD });
		await lastMail(email, /Someone tried/);
		expect((await mailTo(email)).filter(({ text }) => text.includes('/verify/'))).toHaveLength(links.length);
		await expect(logIn(attacker, email)).rejects.toMatchObject({ reason: 'email_not_verified' });
	});

	test('at the same moment, gets nothing: either the one or the other makes the account', async () => {
		const email = newEmail();
		const squatter = await signedUp(email);
		const token = await lastToken('verify', email);
		const owner = newBrowser();
		const back = await agree(await leave(owner, 'google'), personOf(email));
		const [verified, entered] = await Promise.all([
			squatter.api.auth.verifyEmail({ token }).catch(({ reason }: { reason: string }) => reason),
			comeBack(owner, back)
		]);
		expect([typeof verified === 'object', entered === '/orgs'].sort()).toEqual([false, true]);
		expect(await db.selectFrom('user').where('email', '=', email).select('id').execute()).toHaveLength(1);
	});

	test('with an invitation, gets nobody until they click', async () => {
		const { slug: org, members } = await makeOrg('org_admin');
		const email = newEmail();
		await members[0].api.invitations.create({ org, email, role: 'readonly' });
		const owner = newBrowser();
		await visit(owner, 'google', personOf(email));
		const { orgs } = await owner.api.auth.me();
		expect(orgs.map(({ slug }) => slug)).not.toContain(org);
		const acceptAsNew = { token: await lastToken('invite', email), password: PASSWORD };
		await expect(newBrowser().api.invitations.acceptAsNew(acceptAsNew)).rejects.toMatchObject({ reason: 'conflict' });
	});
});

describe('by invitation only', () => {
	const deployed = { ...settings };

	test('nobody else gets an account; who is invited is a member after a click of their own', async () => {
		deploy({ mode: 'b2b' });
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [invited, orphan, late, nobody] = [newEmail(), newEmail(), newEmail(), newEmail()];
		const invite = (by: Browser, email: string) => by.api.invitations.create({ org, email, role: 'member' });
		await invite(members[0], invited);
		await invite(members[0], late);
		await invite(members[1], orphan);
		await db.updateTable('membership').where('userId', '=', members[1].id).set({ role: 'member' }).execute();
		await db.updateTable('invitation').where('email', '=', late).set({ expiresAt: new Date() }).execute();
		for (const email of [nobody, orphan, late]) {
			const browser = newBrowser();
			expect(errorOf(await visit(browser, 'google', personOf(email)))).toBe('oauth_signup_closed');
			expect(await browser.api.auth.session()).toBeNull();
		}

		const [browser, person] = [newBrowser(), personOf(invited)];
		expect(await visit(browser, 'google', person)).toBe('/orgs');
		expect((await browser.api.auth.me()).orgs).toEqual([]);
		const [waiting] = await browser.api.invitations.mine();
		await browser.api.invitations.acceptMine({ id: waiting!.id });
		expect((await browser.api.auth.me()).orgs).toMatchObject([{ slug: org, role: 'member' }]);
		expect(await visit(newBrowser(), 'google', person)).toBe('/orgs');
		deploy({ mode: deployed.mode });
	});
});
