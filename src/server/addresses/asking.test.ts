import { expect, test } from 'vitest';
import { LIMITS, makeUser, newAddress, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { makePerson } from '../../../tests/moving.ts';
import { db } from '../db.ts';

const provenAt = new Date(Date.now() - 601_000);
const wait = (email: string) => db.selectFrom('emailChange').where('email', '=', email).selectAll().execute();

test('asking takes the password, which then counts as proof, or a recent one', async () => {
	const email = newEmail();
	const old = await makeUser({ password: PASSWORD, provenAt });
	await expect(old.api.account.changeEmail({ email: 5 } as never)).rejects.toMatchObject({
		reason: 'step_up_required'
	});
	await expect(old.api.account.changeEmail({ email, password: 'not-my-password' })).rejects.toMatchObject({
		fields: { password: ['That is not your password.'] }
	});
	expect(await wait(email)).toEqual([]);
	await old.api.account.changeEmail({ email, password: PASSWORD });
	await expect(old.api.account.unlink({ provider: 'google' })).rejects.toMatchObject({ reason: 'not_found' });

	const without = await makeUser({ provenAt });
	for (const input of [{ email }, { email, password: PASSWORD }, {}]) {
		await expect(without.api.account.changeEmail(input as never)).rejects.toMatchObject({
			reason: 'step_up_required'
		});
	}
	const recent = await makeUser();
	expect(await recent.api.account.changeEmail({ email: newEmail() })).toEqual({ status: 'check_mail' });
	const wrong = (await makePerson()).api.account.changeEmail({ email, password: '' });
	await expect(wrong).rejects.toMatchObject({ reason: 'invalid' });
});

test('asking for the address that one has, in any spelling, says so', async () => {
	const { api, email } = await makePerson();
	for (const same of [email, ` ${email.toUpperCase()} `, email.replace('example', 'EXAMPLE')]) {
		await expect(api.account.changeEmail({ email: same, password: PASSWORD })).rejects.toMatchObject({
			fields: { email: ['This is your address already.'] }
		});
	}
	await expect(api.account.changeEmail({ email: 'a@b', password: PASSWORD })).rejects.toMatchObject({
		code: 'BAD_REQUEST'
	});
	expect(await mailTo(email)).toEqual([]);
});

test('asking tells nobody whether the new address has an account', async () => {
	const owner = await makePerson();
	const free = newEmail();
	const person = await makePerson();
	const seen = [];
	for (const email of [owner.email, free]) {
		const answer = await person.api.account.changeEmail({ email: ` ${email.toUpperCase()}`, password: PASSWORD });
		await lastMail(email);
		const { pendingEmail } = await person.api.account.get();
		const again = await person.api.account.resendEmailChange();
		seen.push({ answer, again, isPending: pendingEmail === email });
	}
	expect(seen[0]).toEqual(seen[1]);
	const { text } = await lastMail(owner.email, /Someone tried/);
	expect(text).not.toContain('confirm-email');
	expect(text).not.toContain(person.email);
	expect((await mailTo(owner.email)).every((mail) => !mail.text.includes('confirm-email'))).toBe(true);
});

test('asking for an address that a mail program would make a link of names it in no mail', async () => {
	const person = await makePerson();
	const email = `www.evil.example/${newEmail()}`;
	await person.api.account.changeEmail({ email, password: PASSWORD });
	await person.api.account.confirmEmail({ token: await lastToken('confirm-email', email) });
	for (const subject of [/about to change/, /was changed/]) {
		const { text, html } = await lastMail(person.email, subject);
		expect(text).toContain('another address');
		expect(text + html).not.toContain('evil.example');
	}
	const next = newEmail();
	await person.api.account.changeEmail({ email: next, password: PASSWORD });
	expect((await lastMail(next)).text).not.toContain('evil.example');
});

test('asking leaves one change, of twenty at once', async () => {
	const person = await makeUser();
	const { won } = await race(20, () => person.api.account.changeEmail({ email: newEmail() }));
	expect(won).toHaveLength(20);
	const waiting = await db.selectFrom('emailChange').where('userId', '=', person.id).select('email').execute();
	expect(waiting).toEqual([{ email: (await person.api.account.get()).pendingEmail }]);
});

test('asking leaves nothing behind when the session ends at this moment', async () => {
	for (let round = 0; round < 5; round++) {
		const person = await makePerson();
		await newBrowser().api.password.forgot({ email: person.email });
		const token = await lastToken('reset', person.email);
		const reset = newBrowser().api.password.reset({ token, password: 'velvet-anchor-38' });
		await race(10, () => person.api.account.changeEmail({ email: newEmail() }));
		await reset;
		const waiting = db.selectFrom('emailChange').where('userId', '=', person.id).select('id');
		expect(await waiting.execute()).toEqual([]);
	}
});

test('asking with a wrong password uses up tries, and no mails', async () => {
	const { api } = await makeUser({ password: PASSWORD }, LIMITS, newAddress());
	const [email, other] = [newEmail(), newEmail()];
	const ask = (password: string, to = email) => api.account.changeEmail({ email: to, password });
	for (let tries = 0; tries < 4; tries++) await expect(ask('no')).rejects.toMatchObject({ reason: 'invalid' });
	for (let mails = 0; mails < 3; mails++) await ask(PASSWORD);
	await expect(ask(PASSWORD)).rejects.toMatchObject({ reason: 'rate_limited' });
	await expect(ask('no', other)).rejects.toMatchObject({ reason: 'invalid' });
	await expect(ask(PASSWORD, other)).rejects.toMatchObject({ reason: 'rate_limited' });
	expect(await wait(other)).toEqual([]);
});
