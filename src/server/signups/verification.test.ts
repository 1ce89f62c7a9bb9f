import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

describe('verifying', () => {
	test('in another browser asks for a password, and that one counts', async () => {
		const { email } = await signedUp();
		const token = await lastToken('verify', email);
		const { api } = newBrowser();
		expect(await api.auth.verification({ token })).toEqual({ email, passwordRequired: true });
		await expect(api.auth.verifyEmail({ token })).rejects.toMatchObject({ reason: 'password_required' });
		await expect(api.auth.verifyEmail({ token, password: 'aaaaaaaaaaaa' })).rejects.toMatchObject({
			reason: 'invalid'
		});
		const password = 'quiet-lantern-47';
		expect(await api.auth.verifyEmail({ token, password })).toEqual({ status: 'verified', usernameTaken: false });
		await expect(api.auth.login({ identifier: email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'invalid_credentials'
		});
		expect(await api.auth.login({ identifier: email, password })).toMatchObject({ status: 'signed_in' });
	});

	test('a squatter who signed up first or last gets nothing', async () => {
		const email = newEmail();
		const before = await signedUp(email);
		const owner = await signedUp(email);
		const ownersToken = await lastToken('verify', email);
		const after = newBrowser();
		await after.api.auth.signup({ email, password: 'squatters-own-secret' });
		await owner.api.auth.verifyEmail({ token: ownersToken });
		for (const { api } of [before, after]) {
			await expect(api.auth.login({ identifier: email, password: 'squatters-own-secret' })).rejects.toMatchObject({
				reason: 'invalid_credentials'
			});
		}
		expect(await owner.api.auth.login({ identifier: email, password: PASSWORD })).toMatchObject({
			status: 'signed_in'
		});
		expect(await db.selectFrom('signUp').where('email', '=', email).select('id').execute()).toEqual([]);
	});

	test('a link works once; a newer one ends the older; an expired one says so and stays', async () => {
		const { api, email } = await signedUp();
		const first = await lastToken('verify', email);
		await api.auth.resendVerification({ email });
		let second = first;
		while (second === first) second = await lastToken('verify', email);
		await expect(api.auth.verifyEmail({ token: first })).rejects.toMatchObject({ reason: 'not_found' });

		await db.updateTable('signUp').where('email', '=', email).set({ expiresAt: new Date() }).execute();
		await expect(api.auth.verifyEmail({ token: second })).rejects.toMatchObject({ reason: 'expired' });
		await expect(api.auth.verification({ token: second })).rejects.toMatchObject({ reason: 'expired' });

		await db
			.updateTable('signUp')
			.where('email', '=', email)
			.set({ expiresAt: new Date(Date.now() + 60_000) })
			.execute();
		await api.auth.verifyEmail({ token: second });
		await expect(api.auth.verifyEmail({ token: second })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('of twenty clicks at once one signs in', async () => {
		const { api, email } = await signedUp();
		const token = await lastToken('verify', email);
		const { won, lost } = await race(20, () => api.auth.verifyEmail({ token }));
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
	});

	test('a username taken meanwhile is left out, and said so', async () => {
		const username = `u${Date.now()}`;
		const { api, email } = await signedUp(newEmail(), { username });
		await makeUser({ username });
		const token = await lastToken('verify', email);
		expect(await api.auth.verifyEmail({ token })).toMatchObject({ status: 'signed_in', usernameTaken: true });
		expect((await api.auth.me()).user.username).toBeNull();
	});

	test('before it, the right password alone learns that the address is not verified', async () => {
		const { api, email } = await signedUp();
		await expect(api.auth.login({ identifier: email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'email_not_verified'
		});
		await expect(api.auth.login({ identifier: email, password: 'something-else-71' })).rejects.toMatchObject({
			reason: 'invalid_credentials'
		});
	});

	test('of several sign-ups, this browser’s counts before the newest', async () => {
		const email = newEmail();
		const mine = await signedUp(email);
		const other = newBrowser();
		await other.api.auth.signup({ email, password: 'another-secret-55' });
		await expect(mine.api.auth.login({ identifier: email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'email_not_verified'
		});
		await expect(newBrowser().api.auth.login({ identifier: email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'invalid_credentials'
		});
		await expect(
			newBrowser().api.auth.login({ identifier: email, password: 'another-secret-55' })
		).rejects.toMatchObject({ reason: 'email_not_verified' });
	});
});
