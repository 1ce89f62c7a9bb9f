import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeOrg, newBrowser, newEmail } from '../../../tests/fixtures.ts';
import { credential, startOpenId } from '../../../tests/openid.ts';
import { deploy, errorOf, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';
import { settings } from '../settings.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const newPerson = (email = newEmail()) => ({ sub: randomUUID(), email, email_verified: true });

const turn = (isOpen: boolean) => void (settings.isSignupOpen = () => Promise.resolve(isOpen));

const accountOf = ({ email }: { email: string }) =>
	db.selectFrom('user').where('email', '=', email).select('id').executeTakeFirst();

test('while sign-up is closed, a provider signs in whom it signed in before, and nobody new', async () => {
	turn(true);
	const [known, stranger] = [newPerson(), newPerson()];
	expect(await visit(newBrowser(), 'google', known)).toBe('/orgs');
	turn(false);
	expect(await visit(newBrowser(), 'google', known)).toBe('/orgs');
	expect(errorOf(await visit(newBrowser(), 'google', stranger))).toBe('oauth_signup_closed');
	expect(await accountOf(stranger)).toBeUndefined();
	turn(true);
	expect(await visit(newBrowser(), 'google', stranger)).toBe('/orgs');
});

test('a tap is refused alike, and says why', async () => {
	turn(false);
	const { api } = newBrowser();
	const stranger = newPerson();
	const { nonce } = await api.oauth.oneTapNonce();
	const tap = api.oauth.oneTap({ credential: credential(google.url, { ...stranger, nonce }) });
	await expect(tap).rejects.toMatchObject({
		reason: 'forbidden',
		message: expect.stringMatching(/but by invitation/) as string
	});
	expect(await accountOf(stranger)).toBeUndefined();
});

test('who is invited comes in, and founds nothing', async () => {
	turn(false);
	const { slug: org, members } = await makeOrg('org_admin');
	const person = newPerson();
	await members[0].api.invitations.create({ org, email: person.email, role: 'member' });
	const browser = newBrowser();
	expect(await visit(browser, 'google', person)).toBe('/orgs');
	expect((await browser.api.auth.me()).orgs).toEqual([]);
	expect(await browser.api.invitations.mine()).toHaveLength(1);
});
