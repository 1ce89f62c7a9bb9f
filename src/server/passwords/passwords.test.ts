import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

const NEW = 'velvet-anchor-38';

describe('a forgotten password', () => {
	test('is set by a link, which ends every session, signs nobody in and tells the owner', async () => {
		const user = await makeUser({ password: PASSWORD });
		const { api } = newBrowser();
		await api.password.forgot({ email: ` ${user.email.toUpperCase()}` });
		const token = await lastToken('reset', user.email);
		expect(await api.password.link({ token })).toEqual({ email: user.email });
		await api.password.reset({ token, password: NEW });
		await expect(user.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect(await api.auth.session()).toBeNull();
		await expect(api.auth.login({ identifier: user.email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'invalid_credentials'
		});
		expect(await api.auth.login({ identifier: user.email, password: NEW })).toMatchObject({ status: 'signed_in' });
		await lastMail(user.email, /was reset/);
	});

	test('an unknown address gets the same answer and no mail', async () => {
		const email = newEmail();
		const { api } = newBrowser();
		const known = await api.password.forgot({ email: (await makeUser()).email });
		expect(await api.password.forgot({ email })).toEqual(known);
		expect(await mailTo(email)).toEqual([]);
	});

	test('its link is stored as a hash, works once, and ends with a newer one', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		const { api } = newBrowser();
		await api.password.forgot({ email });
		const first = await lastToken('reset', email);
		expect(await db.selectFrom('token').where('hash', '=', first).select('hash').execute()).toEqual([]);
		await api.password.forgot({ email });
		let second = first;
		while (second === first) second = await lastToken('reset', email);
		await expect(api.password.reset({ token: first, password: NEW })).rejects.toMatchObject({ reason: 'not_found' });
		await api.password.reset({ token: second, password: NEW });
		await expect(api.password.reset({ token: second, password: NEW })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('a weak password leaves the link good; an expired link says so', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		const { api } = newBrowser();
		await api.password.forgot({ email });
		const token = await lastToken('reset', email);
		await expect(api.password.reset({ token, password: 'password1234' })).rejects.toMatchObject({ reason: 'invalid' });
		await db.updateTable('token').where('userId', '=', id).set({ expiresAt: new Date() }).execute();
		await expect(api.password.reset({ token, password: NEW })).rejects.toMatchObject({ reason: 'expired' });
		await expect(api.password.link({ token })).rejects.toMatchObject({ reason: 'expired' });
		await db
			.updateTable('token')
			.where('userId', '=', id)
			.set({ expiresAt: new Date(Date.now() + 60_000) })
			.execute();
		expect(await api.password.reset({ token, password: NEW })).toEqual({ status: 'password_set' });
	});

	test('of twenty uses at once one sets the password', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		await newBrowser().api.password.forgot({ email });
		const token = await lastToken('reset', email);
		const { won, lost } = await race(20, (index) =>
			newBrowser().api.password.reset({ token, password: `${NEW}-${index}` })
		);
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
	});
});

describe('a password that was replaced', () => {
	test('opens nothing, even for a sign-in that was under way', async () => {
		for (let round = 0; round < 5; round++) {
			const { id, email } = await makeUser({ password: PASSWORD });
			await newBrowser().api.password.forgot({ email });
			const token = await lastToken('reset', email);
			const reset = newBrowser().api.password.reset({ token, password: NEW });
			await race(20, () => newBrowser().api.auth.login({ identifier: email, password: PASSWORD }));
			await reset;
			expect(await db.selectFrom('session').where('userId', '=', id).select('id').execute()).toEqual([]);
		}
	});

	test('leaves one link alive, of twenty asked for at once', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		await race(20, () => newBrowser().api.password.forgot({ email }));
		await lastToken('reset', email);
		await mailTo(email);
		expect(await db.selectFrom('token').where('userId', '=', id).select('hash').execute()).toHaveLength(1);
	});
});

describe('changing a password', () => {
	test('ends the other sessions, renews this one, voids reset links and tells the owner', async () => {
		const user = await makeUser({ password: PASSWORD });
		const other = newBrowser();
		await other.api.auth.login({ identifier: user.email, password: PASSWORD });
		await other.api.password.forgot({ email: user.email });
		const token = await lastToken('reset', user.email);

		const before = user.cookies.get('session_id');
		const { csrfToken } = await user.api.password.update({ currentPassword: PASSWORD, newPassword: NEW });
		expect(user.cookies.get('session_id')).not.toBe(before);
		expect((await user.api.auth.me()).csrfToken).toBe(csrfToken);
		await expect(other.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
		await expect(other.api.password.reset({ token, password: PASSWORD })).rejects.toMatchObject({
			reason: 'not_found'
		});
		await lastMail(user.email, /was changed/);
	});

	test('needs the current one, and says which field is wrong', async () => {
		const { api } = await makeUser({ password: PASSWORD });
		await expect(api.password.update({ currentPassword: 'not-the-password', newPassword: NEW })).rejects.toMatchObject({
			reason: 'invalid',
			fields: { currentPassword: ['That is not your current password.'] }
		});
		await expect(api.password.update({ newPassword: NEW })).rejects.toMatchObject({ reason: 'invalid' });
		await expect(api.password.update({ currentPassword: PASSWORD, newPassword: 'short' })).rejects.toMatchObject({
			fields: { newPassword: ['Use at least 12 characters.'] }
		});
	});

	test('sets a first one where there is none', async () => {
		const { api, email } = await makeUser();
		expect(await api.account.get()).toMatchObject({ hasPassword: false });
		await api.password.update({ newPassword: NEW });
		expect(await newBrowser().api.auth.login({ identifier: email, password: NEW })).toMatchObject({
			status: 'signed_in'
		});
	});

	test('of twenty changes at once one counts', async () => {
		const { api } = await makeUser({ password: PASSWORD });
		const { won } = await race(20, (index) =>
			api.password.update({ currentPassword: PASSWORD, newPassword: `${NEW}-${index}` })
		);
		expect(won).toHaveLength(1);
	});
});
