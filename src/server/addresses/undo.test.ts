import { describe, expect, test } from 'vitest';
import { newBrowser, PASSWORD } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { asked, makePerson, moved } from '../../../tests/moving.ts';
import { knownDevice } from '../auth/device.ts';
import { db } from '../db.ts';

const NEW = 'velvet-anchor-38';
const { account: anyone } = newBrowser().api;
const standing = (id: string) => db.selectFrom('user').where('id', '=', id).selectAll().executeTakeFirstOrThrow();
const addressOf = async (id: string) => (await standing(id)).email;
const sessionsOf = (userId: string) => db.selectFrom('session').where('userId', '=', userId).select('id').execute();
const logIn = (identifier: string, password = PASSWORD) => newBrowser().api.auth.login({ identifier, password });
const dead = (token: string, reason = 'not_found') =>
	expect(anyone.undoEmail({ token })).rejects.toMatchObject({ reason });

describe('undoing a change', () => {
	test('before it is confirmed, ends it, and every session', async () => {
		const person = await makePerson();
		const { email, confirm, undo: token } = await asked(person, person.email);
		for (let looks = 0; looks < 2; looks++) {
			const about = { email: person.email, present: person.email, pending: email };
			expect(await anyone.emailUndo({ token })).toEqual(about);
		}
		expect(await anyone.undoEmail({ token })).toEqual({ status: 'undone' });
		await expect(anyone.confirmEmail({ token: confirm })).rejects.toMatchObject({ reason: 'not_found' });
		expect(await sessionsOf(person.id)).toEqual([]);
		await expect(logIn(person.email)).rejects.toMatchObject({ reason: 'invalid_credentials' });
		await dead(token);
		await expect(anyone.emailUndo({ token })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test.for(['undo', 'undoDone'] as const)('afterwards, restores the address, by either mail: %s', async (which) => {
		const person = await makePerson();
		const links = await moved(person, person.email);
		const { email } = links;
		await newBrowser().api.password.forgot({ email });
		const reset = await lastToken('reset', email);
		const browser = newBrowser();
		await browser.api.auth.login({ identifier: email, password: PASSWORD });
		expect(await anyone.emailUndo({ token: links[which] })).toEqual({
			email: person.email,
			present: email,
			pending: null
		});
		await anyone.undoEmail({ token: links[which] });
		expect(await addressOf(person.id)).toBe(person.email);
		expect(await sessionsOf(person.id)).toEqual([]);
		await expect(browser.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
		await expect(logIn(email)).rejects.toMatchObject({ reason: 'invalid_credentials' });
		await expect(browser.api.password.reset({ token: reset, password: NEW })).rejects.toMatchObject({
			reason: 'not_found'
		});
		await dead(links.undo);
		await dead(links.undoDone);
		await lastMail(email, /no longer/);

		await lastMail(person.email, /this one again/);
		await browser.api.password.reset({ token: await lastToken('reset', person.email), password: NEW });
		await logIn(person.email, NEW);
	});

	test('takes away every way in: passwords, connections, sessions, known browsers', async () => {
		const person = await makePerson();
		const connect = (provider: 'google' | 'github') =>
			db
				.insertInto('identity')
				.values({ provider, subject: person.id, userId: person.id, email: person.email })
				.execute();
		await connect('google');
		const { email, undoDone: token } = await moved(person, person.email);
		const thief = newBrowser();
		await thief.api.password.forgot({ email });
		await thief.api.password.reset({ token: await lastToken('reset', email), password: NEW });
		await thief.api.auth.login({ identifier: email, password: NEW });
		await connect('github');
		await anyone.undoEmail({ token });

		expect(await db.selectFrom('identity').where('userId', '=', person.id).selectAll().execute()).toEqual([]);
		for (const password of [NEW, PASSWORD, 'never-anybodys-own']) {
			const attempt = thief.api.auth.login({ identifier: person.email, password });
			await expect(attempt).rejects.toMatchObject({
				reason: 'invalid_credentials',
				message: 'That is not the right password, or there is no such account.'
			});
		}
		const change = thief.api.password.update({ currentPassword: NEW, newPassword: PASSWORD });
		await expect(change).rejects.toMatchObject({ reason: 'unauthenticated' });
		const { id: userId, deviceGeneration: generation } = await standing(person.id);
		expect(knownDevice(thief.cookies.get('known_device'), { userId, generation })).toBeUndefined();
	});

	test('leads its owner back in, whatever the thief asks for meanwhile', async () => {
		const person = await makePerson();
		const { email, undoDone: token } = await moved(person, person.email);
		await anyone.undoEmail({ token });
		const first = await lastToken('reset', person.email);
		for (const address of [email, person.email]) await newBrowser().api.password.forgot({ email: address });
		await expect.poll(() => lastToken('reset', person.email), { timeout: 10_000 }).not.toBe(first);
		expect((await mailTo(email)).filter(({ text }) => text.includes('/reset/'))).toEqual([]);
		const browser = newBrowser();
		await browser.api.password.reset({ token: await lastToken('reset', person.email), password: NEW });
		await browser.api.auth.login({ identifier: person.email, password: NEW });
		const actions = (await browser.api.account.activity()).items.map(({ action }) => action);
		expect(actions).toEqual(expect.arrayContaining(['email.change_undone', 'password.reset']));
	});

	test('says when it comes too late, leaves a suspended person alone, and counts from the change', async () => {
		const person = await makePerson();
		const { confirm, undo: token } = await asked(person, person.email);
		const set = (value: { expiresAt: Date }) =>
			db.updateTable('emailUndo').where('userId', '=', person.id).set(value).execute();
		const suspend = (suspendedAt: Date | null) =>
			db.updateTable('user').where('id', '=', person.id).set({ suspendedAt }).execute();
		await suspend(new Date());
		await dead(token, 'suspended');
		await suspend(null);
		await set({ expiresAt: new Date(Date.now() + 60_000) });
		await anyone.confirmEmail({ token: confirm });
		const ends = await db.selectFrom('emailUndo').where('userId', '=', person.id).select('expiresAt').execute();
		expect(ends).toHaveLength(2);
		expect(ends.every(({ expiresAt }) => expiresAt.getTime() - Date.now() > 23 * 3_600_000)).toBe(true);
		await set({ expiresAt: new Date() });
		await dead(token, 'expired');
		await expect(anyone.emailUndo({ token })).rejects.toMatchObject({ reason: 'expired' });
		await set({ expiresAt: new Date(Date.now() + 60_000) });
		await anyone.undoEmail({ token });
	});

	test('waits while another account has the address', async () => {
		const person = await makePerson();
		const { undo: token, email } = await moved(person, person.email);
		const other = await makePerson();
		await moved(other, other.email, person.email);
		await dead(token, 'conflict');
		expect(await addressOf(person.id)).toBe(email);
		expect(await sessionsOf(person.id)).not.toEqual([]);
		await db.deleteFrom('user').where('id', '=', other.id).execute();
		await anyone.undoEmail({ token });
		expect(await addressOf(person.id)).toBe(person.email);
	});
});
