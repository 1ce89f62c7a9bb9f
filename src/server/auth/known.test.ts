import { describe, expect, test } from 'vitest';
import { LIMITS, makeUser, newAddress, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { at, guess, logIn, pass, tally, usedOf, type Browser } from '../../../tests/limits.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

const RENEWED = 'four-llamas-at-sea';

describe('a browser that signed in to the account before', () => {
	/** Somebody whose browser is known, signed out, behind the same proxy as a stranger. */
	async function neighbors() {
		const address = newAddress();
		const { email, id } = await makeUser({ password: PASSWORD });
		const own = at(address);
		await logIn(own, email, PASSWORD);
		await own.api.auth.logout();
		return { id, email, address, own };
	}

	test('gets in whatever strangers try, from its own address and from everywhere', async () => {
		const { email, address, own } = await neighbors();
		await guess(30, email, address);
		await guess(40, email, newAddress);
		await race(80, () => logIn(at(address), newEmail()));
		await race(350, () => logIn(at(address), newEmail()));
		await race(310, () => at(address).api.auth.config());
		await expect(logIn(at(address), email, PASSWORD)).rejects.toMatchObject({ reason: 'rate_limited' });
		expect(await logIn(own, email, PASSWORD)).toMatchObject({ status: 'signed_in' });
	});

	test('is also one that set a new password by a link: whoever has lost all others gets in there', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		await guess(40, email, newAddress);
		const fresh = at(newAddress());
		await fresh.api.password.forgot({ email });
		await fresh.api.password.reset({ token: await lastToken('reset', email), password: RENEWED });
		await expect(logIn(at(newAddress()), email, RENEWED)).rejects.toMatchObject({ reason: 'rate_limited' });
		expect(await logIn(fresh, email, RENEWED)).toMatchObject({ status: 'signed_in' });
	});

	test('has five wrong passwords of its own, which are nobody else’s', async () => {
		const { email, address, own } = await neighbors();
		expect(await tally(race(20, () => logIn(own, email)))).toEqual({ in: 0, wrong: 5, refused: 15 });
		await expect(logIn(own, email, PASSWORD)).rejects.toMatchObject({ reason: 'rate_limited' });
		expect(await usedOf('login.address', address)).toBe(0);
		await logIn(at(address), email, PASSWORD);
	});

	test('has twenty an hour', async () => {
		const { email, address, own } = await neighbors();
		const patient = newBrowser({ limits: { ...LIMITS.limits, attempts: 100 } }, address);
		patient.cookies.set('known_device', own.cookies.get('known_device')!);
		expect(await tally(race(30, () => logIn(patient, email)))).toEqual({ in: 0, wrong: 20, refused: 10 });
	});

	test('is a stranger to every other account', async () => {
		const { own, address } = await neighbors();
		const { email } = await makeUser({ password: PASSWORD });
		await guess(5, email, address);
		await expect(logIn(own, email, PASSWORD)).rejects.toMatchObject({ reason: 'rate_limited' });
	});

	test('has its calls at each account by themselves: a copy of its cookie uses up those of another alone', async () => {
		const { id, own } = await neighbors();
		const thief = await makeUser({ password: PASSWORD });
		const copy = at(newAddress());
		copy.cookies.set('known_device', own.cookies.get('known_device')!, { path: '/' });
		for (let nth = 0; nth < 2; nth++) await logIn(copy, thief.email, PASSWORD);
		const [device] = own.cookies.get('known_device')!.split('.');
		expect(await usedOf('calls.device', `user ${thief.id} ${device}`)).toBe(1);
		expect(await usedOf('calls.device', `user ${id} ${device}`)).toBeUndefined();
	});
});

describe('a new password', () => {
	/** Somebody whose password a thief had: each of the thief's browsers has signed in with it. */
	async function robbed() {
		const { id, email, api, cookies } = await makeUser({ password: PASSWORD });
		const browsers = Array.from({ length: 4 }, () => at(newAddress()));
		for (const browser of browsers) await logIn(browser, email, PASSWORD);
		return { id, email, api, cookies, browsers };
	}

	/** Twenty wrong passwords use up the account for all but known browsers; what is left to each of some. */
	async function triesOf(browsers: Browser[], email: string) {
		await guess(20, email, newAddress);
		return tally(race(browsers.length, (index) => logIn(browsers[index]!, email)));
	}

	test('by a link leaves no browser known but the one that set it', async () => {
		const { email, browsers } = await robbed();
		expect(await triesOf(browsers, email)).toEqual({ in: 0, wrong: 4, refused: 0 });
		const own = at(newAddress());
		await own.api.password.forgot({ email });
		await own.api.password.reset({ token: await lastToken('reset', email), password: RENEWED });
		expect(await triesOf(browsers, email)).toEqual({ in: 0, wrong: 0, refused: 4 });
		await logIn(own, email, RENEWED);
	});

	test('of somebody signed in leaves theirs alone known', async () => {
		const { email, api, cookies, browsers } = await robbed();
		await api.password.update({ currentPassword: PASSWORD, newPassword: RENEWED });
		expect(await triesOf(browsers, email)).toEqual({ in: 0, wrong: 0, refused: 4 });
		const own = at(newAddress());
		own.cookies.set('known_device', cookies.get('known_device')!, { path: '/' });
		await logIn(own, email, RENEWED);
	});
});

describe('mails about new browsers', () => {
	test('are ten a day, exactly, and every sign-in is noted', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		await logIn(at(newAddress()), email, PASSWORD);
		expect((await race(20, () => logIn(at(newAddress()), email, PASSWORD))).won).toHaveLength(20);
		const mails = db.selectFrom('mail').where('to', '=', email).where('template', '=', 'new_device');
		expect(await mails.select('id').execute()).toHaveLength(10);
		const events = db.selectFrom('accountEvent').where('userId', '=', id).where('action', '=', 'session.started');
		expect(await events.select('id').execute()).toHaveLength(21);
		await pass('notices.new_device', id);
		await logIn(at(newAddress()), email, PASSWORD);
		expect(await mails.select('id').execute()).toHaveLength(11);
	});
});
