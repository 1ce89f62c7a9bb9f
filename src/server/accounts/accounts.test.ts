import { expect, test } from 'vitest';
import { makeUser, race } from '../../../tests/fixtures.ts';

test('a profile changes what is given, and an empty field clears', async () => {
	const { api, email } = await makeUser();
	const username = `u${Date.now()}`;
	await api.account.update({ firstName: ' Ada ', lastName: 'Lovelace', username: username.toUpperCase() });
	expect(await api.account.get()).toMatchObject({ email, firstName: 'Ada', lastName: 'Lovelace', username });
	await api.account.update({ lastName: '', username: '' });
	expect(await api.account.get()).toMatchObject({ firstName: 'Ada', lastName: null, username: null });
	expect(await api.account.update({})).toMatchObject({ firstName: 'Ada' });
});

test('of twenty people who want one username at once, one gets it', async () => {
	const username = `r${Date.now()}`;
	const people = await Promise.all(Array.from({ length: 20 }, () => makeUser()));
	const { won, lost } = await race(20, (index) => people[index]!.api.account.update({ username }));
	expect(won).toHaveLength(1);
	expect(lost.every(({ reason }) => reason === 'conflict')).toBe(true);
});

test('a time zone is kept by its present name, and can be taken back', async () => {
	const { api } = await makeUser();
	await api.account.update({ timeZone: 'europe/berlin' });
	expect(await api.account.get()).toMatchObject({ timeZone: 'Europe/Berlin' });
	expect((await api.auth.me()).user.timeZone).toBe('Europe/Berlin');
	await api.account.update({ timeZone: '' });
	expect(await api.account.get()).toMatchObject({ timeZone: null });
});

test.for([
	{ timeZone: 'Europe/Atlantis' },
	{ timeZone: '+01:00' },
	{ timeZone: 'x'.repeat(65) },
	{ username: 'a' },
	{ username: 'has space' },
	{ username: 'x'.repeat(33) },
	{ username: 'ada@example.com' },
	{ username: 'Admin' },
	{ username: '_ad_min_' },
	{ username: 'postmaster' },
	{ firstName: 'x'.repeat(101) },
	{ firstName: 'x'.repeat(10_000) },
	{ lastName: 'line\nbreak' },
	{ lastName: 'turned\u202eround' },
	{ firstName: 5 }
])('refuses %j', async (change) => {
	const { api } = await makeUser();
	await expect(api.account.update(change as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	expect(await api.account.get()).toMatchObject({ firstName: null, lastName: null, timeZone: null, username: null });
});
