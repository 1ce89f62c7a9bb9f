import { describe, expect, test } from 'vitest';
import { LIMITS, makeUser, newAddress, newBrowser, newEmail, PASSWORD, race } from '../../tests/fixtures.ts';
import { at, pass, reasonsOf, usedOf } from '../../tests/limits.ts';
import { mailTo } from '../../tests/mailbox.ts';
import { db } from './db.ts';
import { parts } from './pruning/service.ts';

type Api = ReturnType<typeof newBrowser>['api'];

/** Another browser at each call, at one address. */
const from = (address: string) => at(address).api;
const refused = (wait: number, words: RegExp) => ({
	reason: 'rate_limited',
	code: 'TOO_MANY_REQUESTS',
	message: expect.stringMatching(words) as string,
	retryAfter: expect.closeTo(wait, -2) as number
});

describe('signing up', () => {
	const signUp = (address: string) => from(address).auth.signup({ email: newEmail(), password: PASSWORD });

	test('goes ten times an hour from an address, exactly, when twenty do so at once', async () => {
		const address = newAddress();
		const { won, lost } = await race(20, () => signUp(address));
		expect(won).toHaveLength(10);
		expect(lost).toEqual(Array(10).fill(expect.objectContaining(refused(3600, /Too many accounts/))));
		await signUp(newAddress());
		await pass('signup.address', address);
		await signUp(address);
	});

	test('is counted whatever becomes of it, for organizations and people together', async () => {
		const address = newAddress();
		for (let nth = 0; nth < 5; nth++) {
			const easy = from(address).auth.signup({ email: newEmail(), password: 'password1234' });
			await expect(easy).rejects.toMatchObject({ reason: 'invalid' });
			await expect(from(address).auth.signupOrg({} as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
		await expect(signUp(address)).rejects.toMatchObject({ reason: 'rate_limited' });
	});
});

describe.for([
	['forgot', (api: Api, email: string) => api.password.forgot({ email })],
	['resend', (api: Api, email: string) => api.auth.resendVerification({ email })]
] as const)('asking for a mail by %s', ([limit, ask]) => {
	test('goes three times an hour for a recipient from anywhere, alike for known and unknown', async () => {
		for (const email of [(await makeUser()).email, newEmail()]) {
			const { won, lost } = await race(20, () => ask(from(newAddress()), email));
			expect(won).toEqual(Array(3).fill({ status: 'check_mail' }));
			expect(lost).toEqual(Array(17).fill(expect.objectContaining(refused(3600, /asked for too often/))));
			await expect(ask(from(newAddress()), ` ${email.toUpperCase()} `)).rejects.toMatchObject({
				reason: 'rate_limited'
			});
			await pass(`${limit}.recipient`, email);
			await ask(from(newAddress()), email);
		}
	});

	test('goes twenty times an hour from an address, and what is refused there is not counted for the recipient', async () => {
		const address = newAddress();
		const { won, lost } = await race(30, () => ask(from(address), newEmail()));
		expect([won.length, reasonsOf(lost)]).toEqual([20, ['rate_limited']]);
		const email = newEmail();
		for (let nth = 0; nth < 5; nth++) await ask(from(address), email).catch(() => undefined);
		expect(await usedOf(`${limit}.recipient`, email)).toBeUndefined();
		await ask(from(newAddress()), email);
	});

	test('for no address at all counts for its sender, and asks nobody', async () => {
		const address = newAddress();
		for (const email of ['nobody', 7, null, undefined, { a: 1 }]) {
			await expect(ask(from(address), email as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
		expect(await usedOf(`${limit}.address`, address)).toBe(5);
	});
});

test('the mail of a sign-up is not one that was asked for again', async () => {
	const email = newEmail();
	await from(newAddress()).auth.signup({ email, password: PASSWORD });
	for (let nth = 0; nth < 3; nth++) await from(newAddress()).auth.resendVerification({ email });
	expect((await mailTo(email)).length).toBe(4);
});

test('a change to an address is mailed three times an hour, whoever asks for it, or for its link again', async () => {
	const email = newEmail();
	const people = await Promise.all(Array.from({ length: 5 }, () => makeUser({}, LIMITS, newAddress())));
	const { won, lost } = await race(5, (index) => people[index]!.api.account.changeEmail({ email }));
	expect([won.length, reasonsOf(lost)]).toEqual([3, ['rate_limited']]);
	const resend = () => race(20, (index) => people[index % 5]!.api.account.resendEmailChange());
	const again = await resend();
	expect([again.won, reasonsOf(again.lost).sort()]).toEqual([[], ['not_found', 'rate_limited']]);
	await pass('change.recipient', email);
	expect((await resend()).won).toHaveLength(3);
});

test('links of every kind are opened sixty times in a quarter of an hour from an address', async () => {
	const address = newAddress();
	const token = 'A'.repeat(43);
	const { api } = await makeUser({}, LIMITS, address);
	const calls = [
		() => api.auth.verification({ token }),
		() => api.auth.verifyEmail({ token }),
		() => api.password.link({ token }),
		() => api.password.reset({ token, password: PASSWORD }),
		() => api.account.emailChange({ token }),
		() => api.account.confirmEmail({ token }),
		() => api.account.emailUndo({ token }),
		() => api.account.undoEmail({ token }),
		() => api.invitations.get({ token }),
		() => api.invitations.accept({ token }),
		() => api.invitations.acceptAsNew({ token, password: PASSWORD }),
		() => api.invitations.decline({ token })
	];
	const { lost } = await race(80, (index) => calls[index % calls.length]!() as Promise<unknown>);
	const of = (reason: string) => lost.filter((error) => error.reason === reason);
	expect([of('not_found').length, of('rate_limited').length]).toEqual([60, 20]);
	for (const call of calls) await expect(call()).rejects.toMatchObject(refused(900, /Too many links/));
	expect(await from(address).auth.config()).toMatchObject({ mode: 'b2c' });
});

test('a factor multiplies every limit, and 0 turns them off', async () => {
	const address = newAddress();
	const deployed = (factor: number) => newBrowser({ limits: { ...LIMITS.limits, factor } }, address).api;
	const twice = await race(25, () => deployed(2).auth.signup({ email: newEmail(), password: PASSWORD }));
	expect(twice.won).toHaveLength(20);
	await expect(deployed(0.01).auth.signup({} as never)).rejects.toMatchObject({ reason: 'rate_limited' });
	await deployed(0).auth.signup({ email: newEmail(), password: PASSWORD });
	await expect(
		newBrowser({ limits: { ...LIMITS.limits, factor: 0.01 } }, newAddress()).api.auth.signup({} as never)
	).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('IPv6 is counted by the first 64 bits, and IPv4 in every spelling as one', async () => {
	const prefix = `2001:db8:${newAddress().replaceAll('.', ':')}`.split(':').slice(0, 4).join(':');
	const ask = (address: string) => from(address).password.forgot({ email: newEmail() });
	await race(20, (index) => ask(`${prefix}::${index}`));
	await expect(ask(`${prefix}:ffff:1:2:3`)).rejects.toMatchObject({ reason: 'rate_limited' });
	await ask(`${prefix.slice(0, -1)}${prefix.endsWith('1') ? 2 : 1}::1`);
	const address = newAddress();
	await race(20, () => ask(`::ffff:${address}`));
	await expect(ask(address)).rejects.toMatchObject({ reason: 'rate_limited' });
});

test('what is kept names nobody, and is forgotten once its window is over', async () => {
	const address = newAddress();
	const email = newEmail();
	await from(address).password.forgot({ email });
	const kept = JSON.stringify(await db.selectFrom('rateLimit').selectAll().execute());
	for (const secret of [address, email]) expect(kept).not.toContain(secret);
	await pass('forgot.recipient', email);
	await parts().limits!();
	expect(await usedOf('forgot.recipient', email)).toBeUndefined();
	expect(await usedOf('forgot.address', address)).toBe(1);
});
