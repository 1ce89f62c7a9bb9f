import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, race } from '../../../tests/fixtures.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
deploy({ google: google.provider, oidc: oidc.provider });

/** Somebody new. */
const newPerson = () => ({ sub: randomUUID(), email: newEmail('ada'), email_verified: true });

test('a new person gets an account with name and picture, an organization, and a session', async () => {
	const browser = newBrowser();
	const picture = 'https://images.example.com/ada.png';
	const person = { ...newPerson(), given_name: 'Ada', family_name: 'Lovelace', picture };
	expect(await visit(browser, 'google', person)).toBe('/orgs');
	const { user, orgs } = await browser.api.auth.me();
	expect(user).toMatchObject({ email: person.email, firstName: 'Ada', lastName: 'Lovelace', avatarUrl: picture });
	expect(user).toMatchObject({ emailVerified: true, role: 'org_admin' });
	expect(orgs).toMatchObject([{ name: 'Ada Lovelace', role: 'org_admin' }]);
	expect(await browser.api.account.connections()).toMatchObject([{ provider: 'google', email: person.email }]);
	expect(await browser.api.account.get()).toMatchObject({ hasPassword: false });
	const { items } = await browser.api.account.activity();
	expect(items.map(({ action, details }) => [action, details])).toEqual(
		expect.arrayContaining([
			['account.created', {}],
			['session.started', { provider: 'google' }]
		])
	);
	expect(items).toHaveLength(2);
});

test.for([
	[{ name: 'Grace Brewster Hopper' }, 'Grace', 'Brewster Hopper'],
	[{ name: ' ' }, null, null],
	[{ given_name: 'Grace' }, 'Grace', null],
	[{ given_name: 'x\0y', family_name: '\ud800', picture: 'http://images.example.com/a.png' }, null, null],
	[{ given_name: 5, family_name: 'x'.repeat(101), picture: 'javascript:alert(1)' }, null, null]
] as const)('of %j only a good name is taken', async ([profile, firstName, lastName]) => {
	const browser = newBrowser();
	expect(await visit(browser, 'oidc', { ...newPerson(), ...profile })).toBe('/orgs');
	expect((await browser.api.auth.me()).user).toMatchObject({ firstName, lastName, avatarUrl: null });
});

test('the same subject signs in to the same account, and a new address changes nothing', async () => {
	const person = newPerson();
	const first = newBrowser();
	await visit(first, 'google', person);
	const { user } = await first.api.auth.me();
	const stranger = await makeUser();
	for (const change of [{ email: newEmail('new') }, { email: stranger.email }, { email_verified: false }]) {
		const browser = newBrowser();
		expect(await visit(browser, 'google', { ...person, ...change })).toBe('/orgs');
		expect((await browser.api.auth.me()).user).toEqual(user);
		expect(await browser.api.account.connections()).toMatchObject([{ email: person.email }]);
	}
});

test('a subject is somebody else at another provider', async () => {
	const person = newPerson();
	await visit(newBrowser(), 'google', person);
	const browser = newBrowser();
	expect(errorOf(await visit(browser, 'oidc', person))).toBe('oauth_account_exists');
	expect(await browser.api.auth.session()).toBeNull();
});

test('five browsers of one new person at once: one account, five sessions', async () => {
	for (const change of [() => ({}), () => ({ email: newEmail('other') })]) {
		const person = newPerson();
		const browsers = Array.from({ length: 5 }, () => newBrowser());
		const backs = await Promise.all(
			browsers.map(async (browser) => agree(await leave(browser, 'google'), { ...person, ...change() }))
		);
		const { won } = await race(5, (index) => comeBack(browsers[index]!, backs[index]!));
		expect(won).toEqual(Array(5).fill('/orgs'));
		const people = await Promise.all(browsers.map(async ({ api }) => (await api.auth.me()).user.id));
		expect(new Set(people).size).toBe(1);
		const sessions = db.selectFrom('session').where('userId', '=', people[0]!).select('id');
		expect(await sessions.execute()).toHaveLength(5);
		const orgs = db.selectFrom('membership').where('userId', '=', people[0]!).select('orgId');
		expect(await orgs.execute()).toHaveLength(1);
	}
});

test('of five new people with one address at once one gets the account', async () => {
	const email = newEmail();
	const { won } = await race(5, () => visit(newBrowser(), 'google', { ...newPerson(), email }));
	expect(won.map(errorOf).sort()).toEqual([null, ...Array<string>(4).fill('oauth_account_exists')].sort());
});

test('whoever is suspended stays out, and hears why', async () => {
	const person = newPerson();
	const browser = newBrowser();
	await visit(browser, 'google', person);
	const { user } = await browser.api.auth.me();
	await db.updateTable('user').where('id', '=', user.id).set({ suspendedAt: new Date() }).execute();
	const other = newBrowser();
	const back = await agree(await leave(other, 'google'), person);
	const { won } = await race(3, () => comeBack(other, back));
	expect(won).toEqual(Array(3).fill('/login?error=suspended'));
	expect(other.cookies.get('session_id')).toBeUndefined();
});

test('signing in ends the session that this browser had, where a Strict cookie stayed away, too', async () => {
	for (const strict of [false, true]) {
		const before = await makeUser();
		expect(await visit(before, 'google', newPerson(), {}, strict)).toBe('/orgs');
		expect((await before.api.auth.me()).user.id).not.toBe(before.id);
		const left = db.selectFrom('session').where('id', '=', before.sessionId).select('id');
		expect(await left.execute()).toEqual([]);
	}
});

test.for([
	['/orgs/acme?tab=1', '/orgs/acme?tab=1'],
	['https://evil.example', '/orgs'],
	['//evil.example', '/orgs'],
	['/\\evil.example', '/orgs'],
	['/auth/oauth/google?intent=link', '/orgs'],
	['/%61uth/oauth/google?intent=link', '/orgs']
])('redirectTo %s leads to %s', async ([redirectTo, target]) => {
	expect(await visit(newBrowser(), 'google', newPerson(), { redirectTo })).toBe(target);
	const browser = newBrowser();
	const { url } = await browser.api.oauth.authorizeUrl({ provider: 'google', redirectTo });
	expect(await comeBack(browser, await agree(url, newPerson()))).toBe(target);
});

test('what goes out asks for a code with PKCE, state and nonce', async () => {
	const url = new URL(await leave(newBrowser(), 'google'));
	expect(url.origin).toBe(google.url);
	expect(Object.fromEntries(url.searchParams)).toEqual({
		response_type: 'code',
		client_id: 'gatehouse',
		redirect_uri: 'http://localhost:5173/auth/oauth/google/callback',
		scope: 'openid email profile',
		code_challenge_method: 'S256',
		code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
		state: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/) as string,
		nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
		prompt: 'select_account'
	});
});

test('a provider that is not set up is not there', async () => {
	await expect(leave(newBrowser(), 'github')).rejects.toMatchObject({ status: 404 });
	await expect(leave(newBrowser(), 'constructor' as 'github')).rejects.toMatchObject({ status: 404 });
	const { api } = newBrowser();
	await expect(api.oauth.authorizeUrl({ provider: 'github' })).rejects.toMatchObject({ reason: 'not_found' });
	expect((await api.auth.config()).providers).toEqual([
		{ id: 'google', name: 'Google' },
		{ id: 'oidc', name: 'Acme' }
	]);
});
