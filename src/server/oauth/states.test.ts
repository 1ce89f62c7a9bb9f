import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, race } from '../../../tests/fixtures.ts';
import { startGitHub } from '../../../tests/github.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit, type Browser } from '../../../tests/visits.ts';
import { hashToken, newToken } from '../crypto.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
const github = await startGitHub();
deploy({ google: google.provider, github: github.provider, oidc: oidc.provider });
await visit(newBrowser(), 'google', {});

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const stateOf = (back: URL) => back.searchParams.get('state')!;
const flowOf = (back: URL) => db.updateTable('oauthFlow').where('stateHash', '=', hashToken(stateOf(back)));
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** A visit up to the moment before the way back. */
async function begin(browser: Browser = newBrowser(), person = newPerson(), query = {}) {
	const back = await agree(await leave(browser, 'google', query), person);
	for (const { asked } of [google, oidc, github]) asked.length = 0;
	return { browser, back, person };
}

/** What went out since then. */
const wentOut = () => [google, oidc, github].flatMap(({ asked }) => asked);

describe('before anything goes out, a callback is refused', () => {
	beforeEach(() => () => expect(wentOut()).toEqual([]));
	const refused = async (browser: Browser, back: URL, more = {}) =>
		expect(await comeBack(browser, back, more)).toBe('/login?error=oauth_invalid_state');

	test('in another browser, and in one that began another visit', async () => {
		const { back } = await begin();
		await refused(newBrowser(), back);
		const { browser } = await begin();
		await refused(browser, back);
	});

	test('in one that has another mark under the same name', async () => {
		const { browser, back } = await begin();
		const stranger = newBrowser();
		const marks = browser.cookies.getAll().filter(({ name }) => name.startsWith('oauth_flow_'));
		for (const { name } of marks) stranger.cookies.set(name, newToken(), { path: '/' });
		await refused(stranger, back);
	});

	test('to somebody else who is signed in', async () => {
		const { back } = await begin();
		await refused(await makeUser(), back);
	});

	test('at another provider’s door, and stays good at its own', async () => {
		const { browser, back } = await begin();
		await refused(browser, back, { door: 'github' });
		await refused(browser, back, { door: 'oidc' });
		expect(await comeBack(browser, back)).toBe('/orgs');
		google.asked.length = 0;
	});

	test('when it is too late', async () => {
		const { browser, back } = await begin();
		await flowOf(back)
			.set({ expiresAt: ago(1) })
			.execute();
		await refused(browser, back);
	});

	test('of a visit that failed, also when it is tried again', async () => {
		const { browser, back } = await begin();
		const denied = new URL(back);
		denied.searchParams.set('error', 'access_denied');
		expect(errorOf(await comeBack(browser, denied))).toBe('oauth_cancelled');
		expect(errorOf(await comeBack(browser, back))).toBe('oauth_cancelled');
		await flowOf(back)
			.set({ finishedAt: ago(11) })
			.execute();
		await refused(browser, back);
	});
});

test.for<[string, string]>([
	['access_denied', 'oauth_cancelled'],
	['invalid_request', 'oauth_invalid_request'],
	['unauthorized_client', 'oauth_unauthorized'],
	['unsupported_response_type', 'oauth_unsupported'],
	['invalid_scope', 'oauth_invalid_scope'],
	['server_error', 'oauth_server_error'],
	['temporarily_unavailable', 'oauth_unavailable'],
	['interaction_required', 'oauth_failed'],
	['constructor', 'oauth_failed'],
	['<script>alert(1)</script>', 'oauth_failed'],
	['', 'oauth_missing_code']
])('the answer %j of a provider is told as %s, and nothing else of it', async ([answer, reason]) => {
	const { browser, back } = await begin();
	back.searchParams.delete('code');
	back.searchParams.set('error', answer);
	back.searchParams.set('error_description', 'Call 555-0100');
	expect(await comeBack(browser, back)).toBe(`/login?error=${reason}`);
	expect(wentOut()).toEqual([]);
});

test('an answer in another issuer’s name gets no code', async () => {
	const { browser, back } = await begin();
	back.searchParams.set('iss', oidc.url);
	expect(errorOf(await comeBack(browser, back))).toBe('oauth_failed');
	expect(wentOut()).toEqual([]);
	const right = await begin();
	right.back.searchParams.set('iss', google.url);
	expect(await comeBack(right.browser, right.back)).toBe('/orgs');
});

test('the same callback thrice at once: one exchange, and every answer signs in', async () => {
	for (const strict of [false, true]) {
		const { browser, back } = await begin(await makeUser());
		const sessions: (string | undefined)[] = [];
		const { won } = await race(3, async () => {
			const end = await comeBack(browser, back, { strict });
			sessions.push(browser.cookies.get('session_id'));
			return end;
		});
		expect(won).toEqual(['/orgs', '/orgs', '/orgs']);
		expect(new Set(sessions).size).toBe(1);
		expect(wentOut().filter((path) => path === '/token')).toHaveLength(1);
		const { user } = await browser.api.auth.me();
		expect(await db.selectFrom('session').where('userId', '=', user.id).select('id').execute()).toHaveLength(1);
	}
});

test('each of them can be the one that the browser hears', async () => {
	const { browser, back } = await begin();
	const deaf = { ...browser, cookies: { ...browser.cookies, set: () => undefined } } as unknown as Browser;
	await comeBack(deaf, back);
	expect(await browser.api.auth.session()).toBeNull();
	expect(await comeBack(browser, back)).toBe('/orgs');
	expect(await browser.api.auth.session()).not.toBeNull();
});

test('a used callback later leads onward who is signed in by it, and nobody else', async () => {
	const { browser, back } = await begin(newBrowser(), newPerson(), { redirectTo: '/todos' });
	await comeBack(browser, back);
	await flowOf(back)
		.set({ finishedAt: ago(11) })
		.execute();
	google.asked.length = 0;
	const session = browser.cookies.get('session_id');
	for (const strict of [false, true]) expect(await comeBack(browser, back, { strict })).toBe('/todos');
	expect(browser.cookies.get('session_id')).toBe(session);
	for (const stranger of [newBrowser(), await makeUser()]) {
		expect(errorOf(await comeBack(stranger, back))).toBe('oauth_invalid_state');
	}
	await browser.api.auth.logout();
	for (const finishedAt of [ago(11), new Date()]) {
		await flowOf(back).set({ finishedAt }).execute();
		expect(errorOf(await comeBack(browser, back))).toBe('oauth_invalid_state');
	}
	expect(wentOut()).toEqual([]);
});

test('two tabs both finish, in either order', async () => {
	const [browser, person] = [newBrowser(), newPerson()];
	const [first, second] = [await begin(browser, person), await begin(browser, person)];
	for (const { back } of [second, first]) {
		expect(await comeBack(browser, back)).toBe('/orgs');
		expect((await browser.api.auth.me()).user.email).toBe(person.email);
	}
});

test('a browser carries ten visits at the most', async () => {
	const browser = newBrowser();
	for (let visits = 0; visits < 12; visits++) await leave(browser, 'google');
	expect(browser.cookies.getAll().filter(({ name }) => name.startsWith('oauth_flow_'))).toHaveLength(10);
});
