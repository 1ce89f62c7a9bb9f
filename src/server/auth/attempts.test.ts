import { describe, expect, test } from 'vitest';
import {
	LIMITS,
	makeUser,
	newAddress,
	newBrowser,
	newEmail,
	PASSWORD,
	race,
	signedUp
} from '../../../tests/fixtures.ts';
import { at, guess, logIn, tally, usedOf, WRONG, type Browser } from '../../../tests/limits.ts';

/** Seconds to wait, some of which may have passed. */
const about = (seconds: number) => expect.closeTo(seconds, -2) as number;

describe('wrong passwords', () => {
	test('are five for an account and an address: of twenty at once exactly five reach the hash', async () => {
		const address = newAddress();
		for (const identifier of [(await makeUser({ password: PASSWORD })).email, newEmail(), 'nobody_of_that_name']) {
			expect(await guess(20, identifier, address)).toEqual({ in: 0, wrong: 5, refused: 15 });
			await expect(logIn(at(address), identifier, PASSWORD)).rejects.toMatchObject({
				reason: 'rate_limited',
				message: 'Too many failed login attempts. Please try again later.',
				retryAfter: about(900)
			});
		}
	});

	test('are as many as the deployment says, in as many minutes', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		const address = newAddress();
		const strict = { limits: { factor: 1, attempts: 2, windowMinutes: 0.5 } };
		const { lost } = await race(4, () => logIn(newBrowser(strict, address), email));
		expect(lost.filter(({ reason }) => reason === 'invalid_credentials')).toHaveLength(2);
		await expect(logIn(newBrowser(strict, address), email)).rejects.toMatchObject({ retryAfter: about(30) });
	});

	test('are one account’s by whatever name it is called', async () => {
		const username = `u${Date.now()}`;
		const { email } = await makeUser({ password: PASSWORD, username });
		const address = newAddress();
		const names = [email, email.toUpperCase(), username, ` ${username.toUpperCase()}`];
		const attempts = race(20, (index) => logIn(at(address), names[index % 4]!));
		expect(await tally(attempts)).toEqual({ in: 0, wrong: 5, refused: 15 });
	});

	test('are twenty an hour for an account from anywhere, alike where there is none', async () => {
		for (const identifier of [(await makeUser({ password: PASSWORD })).email, newEmail()]) {
			expect(await guess(40, identifier, newAddress)).toEqual({ in: 0, wrong: 20, refused: 20 });
			await expect(logIn(at(newAddress()), identifier)).rejects.toMatchObject({ retryAfter: about(3600) });
		}
	});

	test('are fifty in a quarter of an hour from an address, for whatever accounts', async () => {
		const address = newAddress();
		const attempts = race(70, () => logIn(at(address), newEmail()));
		expect(await tally(attempts)).toEqual({ in: 0, wrong: 50, refused: 20 });
		const { email } = await makeUser({ password: PASSWORD });
		await expect(logIn(at(address), email, PASSWORD)).rejects.toMatchObject({ retryAfter: about(900) });
		await logIn(at(newAddress()), email, PASSWORD);
	});

	test('that are refused use nothing up: who guesses from one address locks the account for no other', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		expect(await guess(60, email, newAddress())).toEqual({ in: 0, wrong: 5, refused: 55 });
		expect(await guess(20, email, newAddress)).toEqual({ in: 0, wrong: 15, refused: 5 });
	});
});

describe('the right password', () => {
	test('is given back at once, so that signing in often is no failure', async () => {
		const { email } = await makeUser({ password: PASSWORD });
		const address = newAddress();
		for (let nth = 0; nth < 7; nth++) await logIn(at(address), email, PASSWORD);
		expect(await usedOf('login.address', address)).toBe(0);
		expect(await guess(6, email, address)).toEqual({ in: 0, wrong: 5, refused: 1 });
	});

	test('among wrong ones leaves exactly the wrong ones counted', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		const address = newAddress();
		const first = await tally(race(5, (index) => logIn(at(address), email, index < 3 ? PASSWORD : WRONG)));
		expect(first).toEqual({ in: 3, wrong: 2, refused: 0 });
		expect(await usedOf('login.pair', `user ${id} ${address}`)).toBe(2);
		expect(await usedOf('login.account', `user ${id}`)).toBe(2);
		expect(await usedOf('login.address', address)).toBe(2);
	});

	test('of somebody suspended, or of a sign-up that waits for its click, is none that failed', async () => {
		const suspended = await makeUser({ password: PASSWORD, suspendedAt: new Date() });
		const waiting = await signedUp();
		for (const [email, reason] of [
			[suspended.email, 'suspended'],
			[waiting.email, 'email_not_verified']
		] as const) {
			const address = newAddress();
			for (let nth = 0; nth < 7; nth++) {
				await expect(logIn(at(address), email, PASSWORD)).rejects.toMatchObject({ reason });
			}
		}
	});
});

describe('somebody signed in who is asked for the password', () => {
	const attempts: ((api: Browser['api']) => Promise<unknown>)[] = [
		(api: Browser['api']) => api.account.reauthenticate({ password: WRONG }),
		(api: Browser['api']) => api.password.update({ currentPassword: WRONG, newPassword: 'four-llamas-at-sea' })
	];

	test('has five tries, of both kinds together, exactly', async () => {
		const { api } = await makeUser({ password: PASSWORD }, LIMITS);
		const { lost } = await race(20, (index) => attempts[index % 2]!(api));
		expect(lost.filter(({ reason }) => reason === 'invalid')).toHaveLength(5);
		expect(lost.filter(({ reason }) => reason === 'rate_limited')).toHaveLength(15);
		await expect(api.account.reauthenticate({ password: PASSWORD })).rejects.toMatchObject({ retryAfter: about(900) });
	});

	test('is not counted where the password is right, nor by what is tried in another session', async () => {
		const { email, api } = await makeUser({ password: PASSWORD }, LIMITS);
		for (let nth = 0; nth < 7; nth++) await api.account.reauthenticate({ password: PASSWORD });
		await race(6, () => attempts[0]!(api));
		const other = at(newAddress());
		await logIn(other, email, PASSWORD);
		await other.api.password.update({ currentPassword: PASSWORD, newPassword: 'four-llamas-at-sea' });
	});
});
