import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

type Browser = ReturnType<typeof newBrowser>;

const eventsOf = (userId: string) =>
	db.selectFrom('accountEvent').where('userId', '=', userId).select(['action', 'details']).orderBy('at').execute();
const actions = async ({ api }: Browser) => (await api.account.activity()).items.map(({ action }) => action);
const logIn = ({ api }: Browser, identifier: string, remember = false) =>
	api.auth.login({ identifier, password: PASSWORD, remember });

test('everything that happens to an account is noted once, with where it came from', async () => {
	const browser = await signedUp(newEmail());
	const { api, email } = browser;
	await api.auth.verifyEmail({ token: await lastToken('verify', email) });
	expect((await actions(browser)).sort()).toEqual(['account.created', 'session.started']);

	await api.account.update({ firstName: 'Ada', lastName: '' });
	await api.account.update({ firstName: 'Ada' });
	await api.account.update({});
	await api.password.update({ currentPassword: PASSWORD, newPassword: 'four-llamas-at-sea' });
	await api.auth.logout();
	await api.auth.logout();
	await api.password.forgot({ email });
	await api.password.reset({ token: await lastToken('reset', email), password: PASSWORD });
	await logIn(browser, email, true);

	const { items, total, nextCursor } = await api.account.activity({ limit: 6 });
	expect(total).toBe(7);
	expect(items.slice(0, 5).map(({ action, details }) => [action, details])).toEqual([
		['session.started', { remembered: true }],
		['password.reset', {}],
		['session.ended', {}],
		['password.changed', {}],
		['profile.updated', { changed: ['firstName'] }]
	]);
	expect(items[0]).toMatchObject({ ip: '192.0.2.1', device: 'Vitest', at: expect.any(Date) as Date });
	const last = await api.account.activity({ limit: 6, cursor: nextCursor! });
	expect(last).toMatchObject({ items: [{}], nextCursor: null, total: null });
	expect(new Set([...items, ...last.items].map(({ id }) => id)).size).toBe(7);
});

test('what is refused or rolled back is not noted', async () => {
	const { id, email, api } = await makeUser({ password: PASSWORD });
	const { username } = await (await makeUser()).api.account.update({ username: `t${Date.now()}` });
	const newPassword = 'four-llamas-at-sea';
	const refused = await Promise.allSettled([
		api.account.update({ username }),
		api.password.update({ currentPassword: 'not my password', newPassword }),
		api.password.reset({ token: 'unknown', password: newPassword }),
		newBrowser().api.auth.login({ identifier: email, password: 'not my password' })
	]);
	expect(refused.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
	await newBrowser().api.auth.logout();
	expect(await eventsOf(id)).toEqual([]);
});

test('a session that is ended twenty times at once ended once', async () => {
	const { id, api } = await makeUser();
	expect((await race(20, () => api.auth.logout())).lost).toEqual([]);
	expect(await eventsOf(id)).toEqual([{ action: 'session.ended', details: {} }]);
});

test('twenty sign-ins of one person at once are twenty events', async () => {
	const { id, email } = await makeUser({ password: PASSWORD });
	const { won } = await race(20, () => logIn(newBrowser(), email));
	expect(won).toHaveLength(20);
	const started = (await eventsOf(id)).filter(({ action }) => action === 'session.started');
	expect(started).toHaveLength(20);
});

test('one’s activity is nobody else’s to see, and goes with the person', async () => {
	const { id, email } = await makeUser({ password: PASSWORD });
	await logIn(newBrowser(), email);
	for (const person of [await makeUser(), await makeUser({ sysAdmin: true })])
		expect(await actions(person)).toEqual([]);
	await db.deleteFrom('user').where('id', '=', id).execute();
	expect(await eventsOf(id)).toEqual([]);
});
