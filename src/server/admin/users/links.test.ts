import { describe, expect, test } from 'vitest';
import { departed } from '../../../../tests/departed.ts';
import { makeUser, newBrowser, PASSWORD } from '../../../../tests/fixtures.ts';
import { lastMail, lastToken } from '../../../../tests/mailbox.ts';
import { db } from '../../db.ts';

const operator = await makeUser({ sysAdmin: true });
const { users } = operator.api.admin;

const actionsOf = async (targetId: string) =>
	(await operator.api.admin.log.list({ targetId })).items.map(({ action }) => action);
const logIn = (email: string) => newBrowser().api.auth.login({ identifier: email, password: PASSWORD });

describe('a link to set a password', () => {
	test('comes by mail, also to who has none, and ends the one before', async () => {
		const person = await makeUser();
		await users.sendReset({ userId: person.id });
		const first = await lastToken('reset', person.email);
		await users.sendReset({ userId: person.id });
		const { text } = await lastMail(person.email, /Set a new password/);
		expect(text).toContain('An administrator of');
		await expect(newBrowser().api.password.link({ token: first })).rejects.toMatchObject({ reason: 'not_found' });
		await newBrowser().api.password.reset({ token: await lastToken('reset', person.email), password: PASSWORD });
		expect(await logIn(person.email)).toMatchObject({ status: 'signed_in' });
		expect(await actionsOf(person.id)).toEqual(['user.reset_sent', 'user.reset_sent']);
	});

	test('does not go to somebody suspended, whom it would not let in', async () => {
		const { id, email } = await makeUser({ suspendedAt: new Date() });
		await expect(users.sendReset({ userId: id })).rejects.toMatchObject({ reason: 'conflict' });
		expect(await db.selectFrom('mail').where('to', '=', email).select('id').execute()).toEqual([]);
	});
});

test('whoever deleted their account gets no link, and no console', async () => {
	const person = await makeUser({ password: PASSWORD });
	await departed(person);
	const { id: userId } = person;
	expect(await users.get({ userId })).toMatchObject({ standing: 'deactivated', eraseAfter: expect.any(Date) as Date });
	for (const call of [() => users.sendReset({ userId }), () => users.setSysAdmin({ userId, value: true })])
		await expect(call()).rejects.toMatchObject({ reason: 'conflict' });
	expect(await actionsOf(userId)).toEqual([]);
});
