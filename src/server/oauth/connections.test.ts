import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit, type Browser } from '../../../tests/visits.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
deploy({ google: google.provider, oidc: oidc.provider });

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const connected = async ({ api }: Browser) => (await api.account.connections()).map(({ provider }) => provider);
const stale = () => new Date(Date.now() - 601_000);
const LINK = { intent: 'link' };
const PROVE = { intent: 'prove' };
const CONNECTIONS = '/account/connections';

describe('connecting', () => {
	test('goes by the session, whatever address the identity has, and tells the owner', async () => {
		const user = await makeUser();
		const { id, email } = user;
		expect(await visit(user, 'google', newPerson(), LINK)).toBe(CONNECTIONS);
		const unverified = { ...newPerson(), email_verified: false };
		expect(await visit(user, 'oidc', unverified, { ...LINK, redirectTo: '/todos' }, true)).toBe('/todos');
		expect(await connected(user)).toEqual(['google', 'oidc']);
		expect((await user.api.account.connections())[1]).toMatchObject({ email: null });
		expect((await user.api.auth.me()).user).toMatchObject({ id, email });
		await lastMail(email, /Google was connected/);
		const browser = newBrowser();
		await visit(browser, 'oidc', unverified);
		expect((await browser.api.auth.me()).user.id).toBe(id);
	});

	test('again changes nothing, eight times at once neither', async () => {
		const [user, person] = [await makeUser(), newPerson()];
		const backs = await Promise.all(
			Array.from({ length: 8 }, async () => agree(await leave(user, 'google', LINK), person))
		);
		const { won } = await race(8, (index) => comeBack(user, backs[index]!));
		expect(won).toEqual(Array(8).fill(CONNECTIONS));
		const { items } = await user.api.account.activity();
		expect(items.map(({ action }) => action)).toEqual(['connection.added']);
	});

	test('does not move an identity of another account, nor add a second one of a provider', async () => {
		const person = newPerson();
		const owner = newBrowser();
		await visit(owner, 'google', person);
		const thief = await makeUser();
		expect(errorOf(await visit(thief, 'google', person, LINK))).toBe('conflict');
		expect(await connected(thief)).toEqual([]);
		expect(await connected(owner)).toEqual(['google']);
		expect(errorOf(await visit(owner, 'google', newPerson(), LINK))).toBe('conflict');
		expect(await owner.api.account.connections()).toMatchObject([{ email: person.email }]);
	});

	test('of five people who bring one identity at once one gets it', async () => {
		const person = newPerson();
		const people = await Promise.all(Array.from({ length: 5 }, () => makeUser()));
		const { won } = await race(5, (index) => visit(people[index]!, 'google', person, LINK));
		expect(won.map(errorOf).sort()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', null].sort());
	});

	test('at the moment that it makes an account, leaves no account without a way in', async () => {
		for (let round = 0; round < 10; round++) {
			const person = newPerson();
			const [user, browser] = [await makeUser(), newBrowser()];
			const linking = await agree(await leave(user, 'google', LINK), person);
			const entering = await agree(await leave(browser, 'google'), person);
			const [linked] = await Promise.all([comeBack(user, linking), comeBack(browser, entering)]);
			expect(await connected(browser)).toEqual(['google']);
			const isSame = (await browser.api.auth.me()).user.id === user.id;
			expect(errorOf(linked)).toBe(isSame ? null : 'conflict');
		}
	});

	test('begins with a recent sign-in, on a page of ours', async () => {
		expect(await leave(newBrowser(), 'google', LINK)).toBe('/login?redirectTo=%2Faccount%2Fconnections');
		const suspended = await makeUser({ suspendedAt: new Date() });
		expect(await leave(suspended, 'google', LINK)).toMatch('/login?');
		const before = await makeUser({ provenAt: stale() });
		expect(await leave(before, 'google', LINK)).toBe(`${CONNECTIONS}?error=step_up_required`);
		const user = await makeUser();
		for (const site of ['cross-site', 'same-site']) {
			for (const intent of [LINK, PROVE]) {
				expect(await leave(user, 'google', intent, { 'sec-fetch-site': site })).toBe(CONNECTIONS);
			}
			expect(await leave(user, 'google', {}, { 'sec-fetch-site': site })).toMatch('/login?');
		}
		for (const site of ['same-origin', 'none']) {
			for (const intent of [LINK, {}]) {
				expect(await leave(user, 'google', intent, { 'sec-fetch-site': site })).toMatch(google.url);
			}
		}
	});
});

describe.for([
	['connecting', LINK],
	['proving', PROVE]
] as const)('%s ends in the session that began it, and nowhere else', ([, query]) => {
	/** A way back to a session that has seen better days. */
	async function begin() {
		const person = newPerson();
		const user = await makeUser({ password: PASSWORD });
		if (query === PROVE) await visit(user, 'google', person, LINK);
		return { user, back: await agree(await leave(user, 'google', query), person) };
	}
	const refused = async (browser: Browser, back: URL, strict = false) =>
		expect(await comeBack(browser, back, { strict })).toBe('/login?error=oauth_invalid_state');

	test.for([false, true])('not after signing out (Strict: %s)', async (strict) => {
		const { user, back } = await begin();
		await user.api.auth.logout();
		await refused(user, back, strict);
	});

	test.for([false, true])('not as somebody else, nor in a new session (Strict: %s)', async (strict) => {
		const somebody = await makeUser({ password: PASSWORD });
		for (const isOther of [true, false]) {
			const { user, back } = await begin();
			const { email } = isOther ? somebody : user;
			await user.api.auth.login({ identifier: email, password: PASSWORD });
			const before = await connected(user);
			await refused(user, back, strict);
			expect(await connected(user)).toEqual(before);
		}
	});

	test.for([false, true])(
		'not when it has expired, was idle too long, or is suspended (Strict: %s)',
		async (strict) => {
			for (const set of [{ expiresAt: new Date() }, { lastSeenAt: new Date(0) }]) {
				const { user, back } = await begin();
				await db.updateTable('session').where('id', '=', user.sessionId).set(set).execute();
				await refused(user, back, strict);
			}
			const { user, back } = await begin();
			await db.updateTable('user').where('id', '=', user.id).set({ suspendedAt: new Date() }).execute();
			await refused(user, back, strict);
		}
	);

	test('not while somebody else is signed in, whose session it is not', async () => {
		const { user, back } = await begin();
		const other = await makeUser();
		user.cookies.set('session_id', other.cookies.get('session_id')!, { path: '/' });
		await refused(user, back);
	});

	test('not in another browser', async () => {
		const { user, back } = await begin();
		await refused(newBrowser(), back);
		await refused(await makeUser(), back);
		expect(await comeBack(user, back, { strict: true })).toBe(CONNECTIONS);
	});
});
