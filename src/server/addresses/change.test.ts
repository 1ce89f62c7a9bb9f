import { expect, test } from 'vitest';
import { makeOrg, newBrowser, newEmail, PASSWORD, signedUp } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { asked, makePerson, moved, type Person } from '../../../tests/moving.ts';
import { db } from '../db.ts';

const actions = async ({ api }: Pick<Person, 'api'>) =>
	(await api.account.activity()).items.map(({ action }) => action);
const logIn = (identifier: string) => newBrowser().api.auth.login({ identifier, password: PASSWORD });

test('a change takes effect on the click in the new mailbox, in any browser, and tells both', async () => {
	const person = await makePerson();
	const { email, confirm: token } = await asked(person, person.email);
	expect(await person.api.account.get()).toMatchObject({ email: person.email, pendingEmail: email });
	expect((await lastMail(email)).text).toContain(person.email);

	const other = newBrowser().api.account;
	for (let looks = 0; looks < 2; looks++) {
		expect(await other.emailChange({ token })).toEqual({ email, from: person.email });
	}
	expect(await other.confirmEmail({ token })).toEqual({ status: 'changed' });
	expect((await person.api.auth.me()).user).toMatchObject({ email, emailVerified: true });
	expect(await person.api.account.get()).toMatchObject({ email, pendingEmail: null });
	await expect(logIn(person.email)).rejects.toMatchObject({ reason: 'invalid_credentials' });
	expect(await logIn(email)).toMatchObject({ status: 'signed_in' });
	expect((await lastMail(person.email, /was changed/)).text).toContain(email);
	expect((await lastMail(email, /from now on/)).text).toContain(person.email);
	expect((await actions(person)).filter((action) => action.startsWith('email.')).sort()).toEqual([
		'email.change_requested',
		'email.changed'
	]);
});

test('a change is kept as hashes, and its events name no address', async () => {
	const person = await makePerson();
	const { email, confirm, undo } = await moved(person, person.email);
	const rows = await db.selectFrom('emailUndo').where('userId', '=', person.id).selectAll().execute();
	const { items } = await person.api.account.activity();
	const kept = JSON.stringify([rows, items]);
	for (const secret of [confirm, undo]) expect(kept).not.toContain(secret);
	expect(JSON.stringify(items)).not.toContain(email);
	expect(JSON.stringify(items)).not.toContain(person.email);
});

test('a change leaves connections and sessions, and ends the links that were sent to the old address', async () => {
	const person = await makePerson();
	const identity = { provider: 'google' as const, subject: person.id, userId: person.id, email: person.email };
	await db.insertInto('identity').values(identity).execute();
	await newBrowser().api.password.forgot({ email: person.email });
	const reset = await lastToken('reset', person.email);
	await newBrowser().api.auth.signup({ email: person.email, password: PASSWORD });
	await moved(person, person.email);
	expect(await person.api.account.connections()).toMatchObject([{ provider: 'google' }]);
	const resetting = newBrowser().api.password.reset({ token: reset, password: 'velvet-anchor-38' });
	await expect(resetting).rejects.toMatchObject({ reason: 'not_found' });
	expect(await db.selectFrom('signUp').where('email', '=', person.email).select('id').execute()).toEqual([]);
});

test('a change shows what waits for the new address, which is proven then, and drops sign-ups there', async () => {
	const { slug: org, members } = await makeOrg('org_admin');
	const email = newEmail();
	await members[0].api.invitations.create({ org, email, role: 'member' });
	const squatter = await signedUp(email);
	const verify = await lastToken('verify', email);
	const person = await makePerson();
	const { confirm: token } = await asked(person, person.email, email);
	expect(await person.api.invitations.mine()).toEqual([]);
	await person.api.account.confirmEmail({ token });
	expect(await person.api.invitations.mine()).toHaveLength(1);
	expect(await actions(person)).toContain('sign_up.discarded');
	await expect(squatter.api.auth.verifyEmail({ token: verify })).rejects.toMatchObject({ reason: 'not_found' });
	await expect(logIn(email)).resolves.toMatchObject({ status: 'signed_in' });
});

test('a change is replaced by the next, sent again, and cancelled; each ends the link before', async () => {
	const person = await makePerson();
	const first = await asked(person, person.email);
	const second = await asked(person, person.email);
	expect(await person.api.account.get()).toMatchObject({ pendingEmail: second.email });
	const confirming = (token: string) => expect(newBrowser().api.account.confirmEmail({ token })).rejects;
	await confirming(first.confirm).toMatchObject({ reason: 'not_found' });

	await person.api.account.resendEmailChange();
	await expect.poll(async () => (await mailTo(second.email)).length, { timeout: 10_000 }).toBe(2);
	await confirming(second.confirm).toMatchObject({ reason: 'not_found' });
	const again = (await mailTo(second.email)).map(({ text }) => /confirm-email\/([\w-]+)/.exec(text)![1]!);
	const third = again.find((token) => token !== second.confirm)!;
	expect(await person.api.account.emailChange({ token: third })).toMatchObject({ email: second.email });

	await person.api.account.cancelEmailChange();
	await confirming(third).toMatchObject({ reason: 'not_found' });
	expect(await person.api.account.get()).toMatchObject({ email: person.email, pendingEmail: null });
	for (const call of [person.api.account.cancelEmailChange, person.api.account.resendEmailChange]) {
		await expect(call()).rejects.toMatchObject({ reason: 'not_found' });
	}
});

test('a change can be confirmed for a day, and not by a person who is suspended meanwhile', async () => {
	const person = await makePerson();
	const { email, confirm: token } = await asked(person, person.email);
	const refused = async (reason: string) => {
		await expect(newBrowser().api.account.confirmEmail({ token })).rejects.toMatchObject({ reason });
		await expect(newBrowser().api.account.emailChange({ token })).rejects.toMatchObject({ reason });
	};
	const suspend = (suspendedAt: Date | null) =>
		db.updateTable('user').where('id', '=', person.id).set({ suspendedAt }).execute();
	const expire = (at: number) =>
		db
			.updateTable('emailChange')
			.where('email', '=', email)
			.set({ expiresAt: new Date(at) })
			.execute();
	await suspend(new Date());
	await refused('suspended');
	await suspend(null);
	await expire(Date.now());
	await refused('expired');
	expect(await person.api.account.get()).toMatchObject({ email: person.email, pendingEmail: null });
	await expire(Date.now() + 60_000);
	await newBrowser().api.account.confirmEmail({ token });
	await refused('not_found');
});

test('a change dies with the password of whoever asked, and with the person', async () => {
	const person = await makePerson();
	const { confirm: token } = await asked(person, person.email);
	await person.api.password.update({ currentPassword: PASSWORD, newPassword: 'velvet-anchor-38' });
	await expect(person.api.account.confirmEmail({ token })).rejects.toMatchObject({ reason: 'not_found' });
	const gone = await makePerson();
	const links = await asked(gone, gone.email);
	await db.deleteFrom('user').where('id', '=', gone.id).execute();
	const { account } = newBrowser().api;
	await expect(account.confirmEmail({ token: links.confirm })).rejects.toMatchObject({ reason: 'not_found' });
	await expect(account.undoEmail({ token: links.undo })).rejects.toMatchObject({ reason: 'not_found' });
});
