import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, PASSWORD, signedUp } from '../../../tests/fixtures.ts';
import { lastToken, mailTo } from '../../../tests/mailbox.ts';
import { sign } from '../crypto.ts';
import { db } from '../db.ts';
import { knownDevice } from './device.ts';

const NAME = 'known_device';
const logIn = ({ api }: ReturnType<typeof newBrowser>, identifier: string) =>
	api.auth.login({ identifier, password: PASSWORD });
/** An account whose first password is its present one. */
const first = ({ id }: { id: string }) => ({ userId: id, generation: 0 });
const notices = async (to: string) => (await mailTo(to)).filter(({ subject }) => /New sign-in/.test(subject));

describe('the mark of a browser', () => {
	test('is made by signing in, survives signing out, and is of that account alone', async () => {
		const [user, other] = [await makeUser({ password: PASSWORD }), await makeUser()];
		const browser = newBrowser();
		await logIn(browser, user.email);
		const id = knownDevice(browser.cookies.get(NAME), first(user));
		expect(id).toHaveLength(43);
		await browser.api.auth.logout();
		await logIn(browser, user.email);
		const cookie = browser.cookies.get(NAME);
		expect(knownDevice(cookie, first(user))).toBe(id);
		expect(knownDevice(cookie, first(other))).toBeUndefined();
		expect(cookie).not.toContain(user.id);
	});

	test('is kept for several accounts of one browser, the last ten', async () => {
		const users = [];
		const browser = newBrowser();
		for (let nth = 0; nth < 11; nth++) users.push(await makeUser({ password: PASSWORD }));
		for (const { email } of [...users, users[3]!]) await logIn(browser, email);
		const known = users.map((user) => knownDevice(browser.cookies.get(NAME), first(user)) !== undefined);
		expect(known).toEqual([false, ...Array<boolean>(10).fill(true)]);
		expect(browser.cookies.get(NAME)!.length).toBeLessThan(600);
	});

	test('that is forged, altered or too old is none, and nothing breaks by it', async () => {
		const { id: userId, email } = await makeUser({ password: PASSWORD });
		const account = { userId, generation: 0 };
		const browser = newBrowser();
		await logIn(browser, email);
		const good = browser.cookies.get(NAME)!;
		const [id, mark] = good.split('.') as [string, string];
		const [day, signature] = mark.split('~') as [string, string];
		const made = (days: number) => {
			const then = (parseInt(day, 36) - days).toString(36);
			return `${id}.${then}~${sign('device', [id, userId, 0, then].join(' '))}`;
		};
		expect(knownDevice(made(180), account)).toBe(id);
		const later = (parseInt(day, 36) + 9).toString(36);
		for (const bad of [
			...[undefined, '', '.', '~', 'x'.repeat(5000), `${id}`, `${id}.`, `${id}.~`, `.${mark}`, `${mark}.${id}`],
			...[`${'A'.repeat(43)}.${mark}`, `${id}.${later}~${signature}`, `${id}.${day}~${signature.slice(1)}A`],
			...[made(181), `${id}.${day}~${sign('csrf', [id, userId, 0, day].join(' '))}`]
		]) {
			expect(knownDevice(bad, account), bad).toBeUndefined();
			if (bad !== undefined) browser.cookies.set(NAME, bad, { path: '/' });
			await logIn(browser, email);
			expect(knownDevice(browser.cookies.get(NAME), account)).toBeDefined();
		}
	});
});

describe('a mail about a new browser', () => {
	test('comes once for each, and not for the very first sign-in of an account', async () => {
		const { email, ...first } = await signedUp();
		await first.api.auth.verifyEmail({ token: await lastToken('verify', email) });
		expect(await notices(email)).toEqual([]);
		await first.api.auth.logout();
		await logIn(first, email);
		expect(await notices(email)).toEqual([]);

		const second = newBrowser();
		await logIn(second, email);
		await logIn(second, email);
		const [notice, ...more] = await notices(email);
		expect(more).toEqual([]);
		expect(notice!.text).toMatch(/not seen there before[^]*Vitest, on [^]*\/forgot/);
	});

	test('is not due where somebody verified elsewhere and signs in for the first time', async () => {
		const { email } = await signedUp();
		const elsewhere = newBrowser();
		await elsewhere.api.auth.verifyEmail({ token: await lastToken('verify', email), password: PASSWORD });
		await logIn(elsewhere, email);
		expect(await notices(email)).toEqual([]);
		await logIn(newBrowser(), email);
		expect(await notices(email)).toHaveLength(1);
	});

	test('comes for an account so old that its first sign-in is forgotten', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		const createdAt = new Date(Date.now() - 366 * 86_400_000);
		await db.updateTable('user').where('id', '=', id).set({ createdAt }).execute();
		await logIn(newBrowser(), email);
		expect(await notices(email)).toHaveLength(1);
	});

	test('makes no link of what a program calls itself', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		await logIn(newBrowser(), email);
		const hostile = newBrowser({}, undefined, `https://evil.example/${'x'.repeat(200)}`);
		await logIn(hostile, email);
		const [{ text, html } = { text: '', html: '' }] = await notices(email);
		for (const part of [text, html]) expect(part).not.toMatch(/evil\.example|x{100}/);
	});
});
