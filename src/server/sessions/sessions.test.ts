import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail, mailTo } from '../../../tests/mailbox.ts';
import { startSession } from '../auth/queries.ts';
import { newSession, setSessionCookies } from '../auth/session.ts';
import { db } from '../db.ts';

type Person = Awaited<ReturnType<typeof makeUser>>;

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const age = (sessionId: string, set: { lastSeenAt?: Date; expiresAt?: Date }) =>
	db.updateTable('session').where('id', '=', sessionId).set(set).execute();
const countSessions = async ({ id }: Person) =>
	(await db.selectFrom('session').where('userId', '=', id).select('id').execute()).length;
const lastEvent = async ({ api }: Person) => (await api.account.activity({ limit: 1 })).items[0];

/** One more browser that somebody is signed in in. */
async function otherBrowser({ id: userId }: Person, device = WINDOWS) {
	const session = newSession({ userId, generation: 0 }, new Date(Date.now() + 3_600_000));
	const row = { id: session.id, userId, remembered: false, ip: '198.51.100.7', device, expiresAt: session.expiresAt };
	await startSession(db, row, { replaced: null, most: 1000, idle: 0 });
	const browser = newBrowser();
	setSessionCookies(browser.cookies, session);
	return { ...browser, sessionId: session.id };
}

test('tells where one is signed in, this one first, in words and by handles that open nothing', async () => {
	const user = await makeUser();
	const other = await otherBrowser(user);
	const dead = await otherBrowser(user);
	await age(dead.sessionId, { expiresAt: ago(1) });
	const idle = await otherBrowser(user);
	await age(idle.sessionId, { lastSeenAt: ago(241) });
	await makeUser();

	const sessions = await user.api.account.sessions();
	const times = { createdAt: expect.any(Date) as Date, lastSeenAt: expect.any(Date) as Date };
	expect(sessions).toEqual([
		{ id: expect.any(String) as string, current: true, ip: '', device: 'Unknown device', ...times },
		{ id: expect.any(String) as string, current: false, ip: '198.51.100.7', device: 'Firefox on Windows', ...times }
	]);
	expect(sessions[0]!.id).toBe((await user.api.auth.me()).session.id);

	const thief = newBrowser();
	for (const { id } of sessions) {
		thief.cookies.set('session_id', id, { path: '/' });
		expect(await thief.api.auth.session()).toBeNull();
	}
	for (const secret of [user.sessionId, other.sessionId, other.cookies.get('session_id')!]) {
		expect(JSON.stringify(sessions)).not.toContain(secret);
	}
});

test('one of them is ended on its very next call, noted, and mailed to its owner once', async () => {
	const user = await makeUser();
	const other = await otherBrowser(user);
	const { id } = (await user.api.account.sessions())[1]!;
	expect(await user.api.account.revokeSession({ id })).toEqual({ revoked: true });
	await expect(other.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
	expect(await user.api.account.sessions()).toHaveLength(1);
	expect(await lastEvent(user)).toMatchObject({
		action: 'session.ended',
		details: { reason: 'revoked', device: WINDOWS, ip: '198.51.100.7' },
		ip: '192.0.2.1'
	});
	await expect(user.api.account.revokeSession({ id })).rejects.toMatchObject({ reason: 'not_found' });

	const { subject, text } = await lastMail(user.email);
	expect(subject).toBe('You were signed out of Gatehouse on another device');
	expect(text).toContain('From Vitest you signed out 1 other session of your account: Firefox on Windows.');
	expect(new Set(text.match(/https?:\S+/g))).toEqual(new Set(['http://localhost:5173/forgot']));
	expect(await mailTo(user.email)).toHaveLength(1);
});

test('a session of somebody else, an unknown one and one that is over are not found', async () => {
	const user = await makeUser();
	const stranger = await makeUser();
	const idle = await otherBrowser(user);
	const handle = (await user.api.account.sessions())[1]!.id;
	await age(idle.sessionId, { lastSeenAt: ago(241) });
	const foreign = (await stranger.api.account.sessions())[0]!.id;
	for (const id of [foreign, randomUUID(), handle]) {
		await expect(user.api.account.revokeSession({ id })).rejects.toMatchObject({ reason: 'not_found' });
	}
	await expect(user.api.account.revokeSession({ id: user.sessionId })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	expect(await stranger.api.auth.session()).not.toBeNull();
	expect(await mailTo(user.email)).toEqual([]);
});

test('ending the one that asks is signing out', async () => {
	const user = await makeUser();
	const other = await otherBrowser(user);
	const [own] = await user.api.account.sessions();
	await user.api.account.revokeSession({ id: own!.id.toUpperCase() });
	expect(user.cookies.getAll().map(({ name }) => name)).toEqual(['known_device']);
	expect(await other.api.account.activity({ limit: 1 })).toMatchObject({
		items: [{ action: 'session.ended', details: {} }]
	});
	expect(await mailTo(user.email)).toEqual([]);
});

test('of 250 sessions, “sign out others” leaves one, and sends one mail', async () => {
	const user = await makeUser();
	await Promise.all(Array.from({ length: 248 }, () => otherBrowser(user)));
	const linking = await otherBrowser(user, 'https://evil.example/get-rich');
	const dead = await otherBrowser(user);
	await age(dead.sessionId, { expiresAt: ago(1) });
	expect(await user.api.account.sessions()).toHaveLength(250);

	expect(await user.api.account.revokeOtherSessions()).toEqual({ revoked: 249 });
	expect(await countSessions(user)).toBe(1);
	expect(await user.api.account.sessions()).toMatchObject([{ current: true }]);
	await expect(linking.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
	expect(await lastEvent(user)).toMatchObject({ details: { reason: 'others', count: 249 } });

	expect(await user.api.account.revokeOtherSessions()).toEqual({ revoked: 0 });
	const { text, html } = await lastMail(user.email, /on other devices$/);
	expect(text).toContain('249 other sessions of your account: Firefox on Windows (248) and ');
	expect(text + html).not.toMatch(/evil\.example|:\/\/evil/);
	expect(await mailTo(user.email)).toHaveLength(1);
	expect((await user.api.account.activity()).items).toHaveLength(1);
});

test('of twenty sessions that sign each other out at once, one is left', async () => {
	const user = await makeUser();
	const browsers = await Promise.all(Array.from({ length: 20 }, () => otherBrowser(user)));
	const { won, lost } = await race(20, (index) => browsers[index]!.api.account.revokeOtherSessions());
	expect(won.map(({ revoked }) => revoked)).toEqual([20]);
	expect(lost.every(({ reason }) => reason === 'unauthenticated')).toBe(true);
	expect(await countSessions(user)).toBe(1);
});

test('sign-ins beside it come before or after, and none is lost', async () => {
	const user = await makeUser({ password: PASSWORD }, { maxSessions: 100 });
	const browsers = Array.from({ length: 20 }, () => newBrowser({ maxSessions: 100 }));
	const { lost } = await race<object>(20, (index) =>
		index === 10
			? user.api.account.revokeOtherSessions()
			: browsers[index]!.api.auth.login({ identifier: user.email, password: PASSWORD })
	);
	expect(lost).toEqual([]);
	const alive = await Promise.all(browsers.map(({ api }) => api.auth.session()));
	expect(await countSessions(user)).toBe(1 + alive.filter(Boolean).length);
});

test('one more than the cap ends the least recently used, and says which', async () => {
	const user = await makeUser({ password: PASSWORD }, { maxSessions: 2 });
	await age(user.sessionId, { lastSeenAt: ago(10) });
	const used = await otherBrowser(user);
	const third = newBrowser({ maxSessions: 2 });
	await third.api.auth.login({ identifier: user.email, password: PASSWORD });
	await expect(user.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
	expect(await used.api.auth.session()).not.toBeNull();

	const fourth = newBrowser({ maxSessions: 2 });
	await age(used.sessionId, { lastSeenAt: ago(10) });
	await fourth.api.auth.login({ identifier: user.email, password: PASSWORD });
	expect(await used.api.auth.session()).toBeNull();
	expect(fourth.cookies.get('ended_sessions')).toBe('Firefox on Windows');
	const { items } = await fourth.api.account.activity();
	expect(items.filter(({ action }) => action === 'session.ended').map(({ details }) => details)).toEqual([
		{ reason: 'cap', device: WINDOWS, ip: '198.51.100.7' },
		{ reason: 'cap', device: '', ip: '' }
	]);
});

test('what was over already is not said to be ended by the cap', async () => {
	const user = await makeUser({ password: PASSWORD });
	await age(user.sessionId, { lastSeenAt: ago(241) });
	const browser = newBrowser({ maxSessions: 1 });
	await browser.api.auth.login({ identifier: user.email, password: PASSWORD });
	expect(await countSessions(user)).toBe(1);
	expect(browser.cookies.get('ended_sessions')).toBeUndefined();
	expect((await browser.api.account.activity()).items).toMatchObject([{ action: 'session.started' }]);
});

test('twenty sign-ins at once leave exactly the cap, and say of each other one that it ended', async () => {
	const user = await makeUser({ password: PASSWORD });
	const browsers = Array.from({ length: 20 }, () => newBrowser({ maxSessions: 3 }));
	const { won } = await race(20, (index) =>
		browsers[index]!.api.auth.login({ identifier: user.email, password: PASSWORD })
	);
	expect(won).toHaveLength(20);
	expect(await countSessions(user)).toBe(3);
	const ended = db.selectFrom('accountEvent').where('userId', '=', user.id).where('action', '=', 'session.ended');
	expect(await ended.select('id').execute()).toHaveLength(18);
});
