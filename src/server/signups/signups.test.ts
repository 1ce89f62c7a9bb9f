import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';
import { settings } from '../settings.ts';

const accounts = (email: string) => db.selectFrom('user').where('email', '=', email).select('id').execute();

describe('signing up', () => {
	test('one click in the same browser makes person and organization and signs in', async () => {
		const { api, email } = await signedUp(newEmail(), { firstName: 'Ada', lastName: 'Lovelace' });
		const token = await lastToken('verify', email);
		expect(await api.auth.verification({ token })).toEqual({ email, passwordRequired: false });
		expect(await api.auth.verifyEmail({ token })).toMatchObject({ status: 'signed_in', usernameTaken: false });
		const { user, orgs } = await api.auth.me();
		expect(user).toMatchObject({ email, firstName: 'Ada', role: 'org_admin', emailVerified: true });
		expect(orgs).toMatchObject([{ name: 'Ada Lovelace', role: 'org_admin' }]);
		expect(orgs[0]!.slug).toMatch(/^ada-lovelace(-\w{4})?$/);
	});

	test('a domain is one in every script', async () => {
		const { api } = newBrowser();
		const name = newEmail().split('@')[0]!;
		await api.auth.signup({ email: `${name}@exämple.com`, password: PASSWORD });
		expect(await lastToken('verify', `${name}@xn--exmple-cua.com`)).toHaveLength(43);
	});

	test('signupOrg names the organization', async () => {
		const { api } = newBrowser();
		const email = newEmail();
		await api.auth.signupOrg({ email, password: PASSWORD, organizationName: 'Café Zoë' });
		await api.auth.verifyEmail({ token: await lastToken('verify', email) });
		const { orgs } = await api.auth.me();
		expect(orgs).toMatchObject([{ name: 'Café Zoë' }]);
		expect(orgs[0]!.slug).toMatch(/^cafe-zoe/);
	});

	test('an address is one in every spelling', async () => {
		const { email, ...first } = await signedUp();
		await first.api.auth.verifyEmail({ token: await lastToken('verify', email) });
		const { api } = await signedUp(`  ${email.toUpperCase()} `);
		expect((await lastMail(email, /Someone tried/)).text).not.toContain('/verify/');
		await expect(api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect(await accounts(email)).toHaveLength(1);
	});

	test('a taken address gets the same answer, a notice, and no link', async () => {
		const { email } = await makeUser();
		const { api } = newBrowser();
		expect(await api.auth.signup({ email, password: PASSWORD })).toEqual({ status: 'check_mail' });
		await lastMail(email, /Someone tried/);
		const waiting = await db.selectFrom('signUp').where('email', '=', email).select('tokenHash').execute();
		expect(waiting).toEqual([{ tokenHash: null }]);
	});

	test('signing in with the password of one’s own sign-up does not tell whether the address is taken', async () => {
		const taken = await makeUser({ password: 'the-owners-secret-1' });
		const free = newEmail();
		for (const email of [taken.email, free]) {
			const { api } = newBrowser();
			await api.auth.signup({ email, password: PASSWORD });
			const login = () => api.auth.login({ identifier: email, password: PASSWORD });
			await expect(login()).rejects.toMatchObject({ reason: 'email_not_verified' });
			await mailTo(email);
			await expect(login()).rejects.toMatchObject({ reason: 'email_not_verified' });
		}
		const owner = newBrowser();
		await owner.api.auth.login({ identifier: taken.email, password: 'the-owners-secret-1' });
		expect((await owner.api.auth.me()).user.email).toBe(taken.email);
	});

	test('eight sign-ups of one address at once end in one account', async () => {
		const email = newEmail();
		const signups = await race(8, () => newBrowser().api.auth.signup({ email, password: PASSWORD }));
		expect(signups.lost).toEqual([]);
		await lastToken('verify', email);
		const tokens = (await mailTo(email)).map(({ text }) => /\/verify\/([\w-]+)/.exec(text)![1]!);
		const verified = await race(tokens.length, (index) =>
			newBrowser().api.auth.verifyEmail({ token: tokens[index]!, password: PASSWORD })
		);
		expect(verified.won).toMatchObject([{ status: 'verified' }]);
		expect(new Set(verified.lost.map(({ reason }) => reason))).toEqual(new Set(['not_found']));
		expect(await accounts(email)).toHaveLength(1);
	});

	test('in b2b mode nobody signs up', async () => {
		const { api } = newBrowser({ mode: 'b2b' });
		await expect(api.auth.signup({ email: newEmail(), password: PASSWORD })).rejects.toMatchObject({
			reason: 'not_found'
		});
		await expect(
			api.auth.signupOrg({ email: newEmail(), password: PASSWORD, organizationName: 'Acme' })
		).rejects.toMatchObject({ reason: 'not_found' });
		expect(await api.auth.config()).toMatchObject({ mode: 'b2b', signupOpen: false });
	});

	test.for([
		'',
		'ada',
		'ada@',
		'@example.com',
		'ada@localhost',
		'a@b.co,c@d.co',
		'a@b.co;c@d.co',
		'Ada <a@b.co>',
		'a b@c.co',
		'a\u200bda@b.co',
		'a\u00adda@b.co',
		'a\u3164da@b.co',
		'a\nb@c.co',
		'a@b..co',
		'.a@b.co',
		'a..b@b.co',
		'a@-b.co',
		`${'a'.repeat(65)}@b.co`,
		`a@${'b'.repeat(250)}.co`
	])('refuses %j as an address', async (email) => {
		const { api } = newBrowser();
		await expect(api.auth.signup({ email, password: PASSWORD })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});
});

describe('a new password', () => {
	const email = 'grace.hopper@example.com';
	test.for([
		['short', 'Use at least 12 characters.'],
		['            ', 'Use more than spaces.'],
		['\u200b\u200c\u200d\u2060\ufeff\u200b\u200c\u200d\u2060\ufeff\u200b\u200c', 'Use more than spaces.'],
		[email.toUpperCase(), 'Do not use your e-mail address as your password.'],
		['grace.hopper', 'Do not use your e-mail address as your password.'],
		['password1234', 'This password is too easy to guess. Try a few unrelated words.'],
		['Password1234!', 'This password is too easy to guess. Try a few unrelated words.'],
		['x'.repeat(129), 'Use at most 128 characters.']
	])('%j is refused with its reason', async ([password, reason]) => {
		const { api } = newBrowser();
		const refused = await api.auth.signup({ email, password: password! }).catch((error: unknown) => error);
		const { fields, cause } = refused as { fields?: { password: string[] }; cause?: { message: string } };
		expect(fields?.password[0] ?? cause?.message).toContain(reason);
	});

	test('is counted in characters, not in units', async () => {
		const changed = { password: { ...settings.password, minLength: 14 } };
		const { api } = newBrowser(changed);
		await expect(api.auth.signup({ email: newEmail(), password: '🦊🐻🐼🐨🐯🦁🐮🐷' })).rejects.toMatchObject({
			reason: 'invalid'
		});
		expect(await api.auth.signup({ email: newEmail(), password: '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤' })).toEqual({
			status: 'check_mail'
		});
	});
});
