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
import { lastToken } from '../../../tests/mailbox.ts';
import { sign } from '../crypto.ts';
import { db } from '../db.ts';

type Browser = ReturnType<typeof newBrowser>;

const WRONG = 'not-the-password';
const logIn = ({ api }: Browser, identifier: string, password = WRONG) => api.auth.login({ identifier, password });
const at = (address: string) => newBrowser(LIMITS, address);

/** Seconds to wait, some of which may have passed. */
const about = (seconds: number) => expect.closeTo(seconds, -2) as number;

/** What came of some sign-ins, in numbers. */
async function tally(attempts: Promise<{ lost: { reason?: string }[]; won: unknown[] }>) {
	const { won, lost } = await attempts;
	const of = (reason: string) => lost.filter((error) => error.reason === reason).length;
	return { in: won.length, wrong: of('invalid_credentials'), refused: of('rate_limited') };
}
const guess = (times: number, identifier: string, address: string | (() => string)) =>
	tally(race(times, () => logIn(at(typeof address === 'string' ? address : address()), identifier)));

const usedOf = async (name: string, who: string) => {
	const subject = sign('limit', `${name} ${who}`);
	const row = db.selectFrom('rateLimit').where('name', '=', name).where('subject', '=', subject);
	return (await row.select('used').executeTakeFirst())?.used;
};

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
		const renewed = 'four-llamas-at-sea';
		await fresh.api.password.reset({ token: await lastToken('reset', email), password: renewed });
		await expect(logIn(at(newAddress()), email, renewed)).rejects.toMatchObject({ reason: 'rate_limited' });
		expect(await logIn(fresh, email, renewed)).toMatchObject({ status: 'signed_in' });
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
