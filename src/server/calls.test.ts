import { describe, expect, test } from 'vitest';
import { LIMITS, makeUser, newAddress, newEmail, PASSWORD, race } from '../../tests/fixtures.ts';
import { at, reasonsOf, usedOf } from '../../tests/limits.ts';

/** Another browser at each call, at one address. */
const from = (address: string) => at(address).api;

describe('a call without a limit of its own', () => {
	test('goes three hundred times a minute from an address, exactly', async () => {
		const address = newAddress();
		const { won, lost } = await race(350, () => from(address).auth.config());
		expect([won.length, reasonsOf(lost)]).toEqual([300, ['rate_limited']]);
		await expect(from(address).auth.logout()).rejects.toMatchObject({
			message: expect.stringMatching(/Too many requests/) as string
		});
		expect(await usedOf('calls.anonymous', address)).toBe(300);
		await from(newAddress()).auth.config();
	});

	test('goes six hundred times a minute for a person, wherever they are, and not at the cost of others there', async () => {
		const address = newAddress();
		const person = await makeUser({}, LIMITS, address);
		const { won, lost } = await race(650, () => person.api.auth.session());
		expect([won.length, reasonsOf(lost)]).toEqual([600, ['rate_limited']]);
		await expect(person.api.account.get()).rejects.toMatchObject({ retryAfter: expect.any(Number) as number });
		await (await makeUser({}, LIMITS, address)).api.account.get();
		await from(address).auth.config();
	});

	test('is counted though its input is refused, or the caller', async () => {
		const { id, api } = await makeUser({}, LIMITS);
		await api.todos.create({} as never).catch(() => undefined);
		await api.customers.list({ org: 'nowhere' }).catch(() => undefined);
		expect(await usedOf('calls.person', id)).toBe(60);
		await race(58, () => api.todos.create({ title: 'a\0b' }));
		expect(await usedOf('calls.person', id)).toBe(60);
		await api.auth.me();
		expect(await usedOf('calls.person', id)).toBeGreaterThan(60);
	});

	test('is also a sign-in that never comes to an attempt: too long, of the wrong kind, or among others', async () => {
		const address = newAddress();
		const misshapen = [
			{ identifier: newEmail(), password: 'x'.repeat(129) },
			{ identifier: newEmail(), password: 'a\0b' },
			{ identifier: 'x'.repeat(255), password: PASSWORD },
			{}
		];
		const attempts = race(350, (index) => from(address).auth.login(misshapen[index % 4] as never));
		const { lost } = await attempts;
		expect(lost.filter(({ reason }) => reason === 'rate_limited')).toHaveLength(50);
		await expect(from(address).auth.config()).rejects.toMatchObject({ reason: 'rate_limited' });
		const { email } = await makeUser({ password: PASSWORD });
		await from(newAddress()).auth.login({ identifier: email, password: PASSWORD });
	});
});
