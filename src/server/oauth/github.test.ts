import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail } from '../../../tests/fixtures.ts';
import { startGitHub, type Hubber } from '../../../tests/github.ts';
import { agree, comeBack, deploy, errorOf, leave, visit } from '../../../tests/visits.ts';

const github = await startGitHub();
deploy({ github: github.provider });

const address = (email: unknown = newEmail(), more: object = {}) => ({ email, primary: true, verified: true, ...more });
const newHubber = (more: Hubber = {}): Hubber => ({ id: randomInt(2 ** 47), emails: [address()], ...more });

test('what goes out asks for a code with PKCE and state', async () => {
	const url = new URL(await leave(newBrowser(), 'github'));
	expect(Object.fromEntries(url.searchParams)).toEqual({
		response_type: 'code',
		client_id: 'gatehouse',
		redirect_uri: 'http://localhost:5173/auth/oauth/github/callback',
		scope: 'read:user user:email',
		code_challenge_method: 'S256',
		code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
		state: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/) as string
	});
});

test('the address is the primary one, with name and picture', async () => {
	const email = newEmail();
	const emails = [address(newEmail(), { primary: false }), address(email), address(newEmail(), { primary: false })];
	const avatar_url = 'https://avatars.example.com/u/1';
	const browser = newBrowser();
	const hubber = newHubber({ name: 'Mona Lisa Octocat', avatar_url, emails });
	expect(await visit(browser, 'github', hubber)).toBe('/orgs');
	expect((await browser.api.auth.me()).user).toMatchObject({
		email,
		firstName: 'Mona',
		lastName: 'Lisa Octocat',
		avatarUrl: avatar_url
	});
	const again = newBrowser();
	expect(await visit(again, 'github', { ...hubber, name: null, emails: [address()] })).toBe('/orgs');
	expect((await again.api.auth.me()).user.email).toBe(email);
});

test.for([
	[[address(newEmail(), { verified: false })]],
	[[address(newEmail(), { verified: 'true' })]],
	[[address(newEmail(), { verified: undefined })]],
	[[address(newEmail(), { primary: false })]],
	[[address(newEmail(), { verified: false }), address(newEmail(), { primary: false })]],
	[[address('octocat@localhost')]],
	[[]]
])('of %j no address is vouched for', async ([emails]) => {
	const browser = newBrowser();
	expect(errorOf(await visit(browser, 'github', newHubber({ emails })))).toBe('oauth_email_unverified');
	expect(await browser.api.auth.session()).toBeNull();
});

test.for([{ id: undefined }, { id: 0 }, { id: '5' }, { id: 1.5 }, { id: 2 ** 60 }, { emails: {} }, { emails: [5] }])(
	'a profile with %j is rubbish',
	async (change) => {
		expect(errorOf(await visit(newBrowser(), 'github', newHubber(change)))).toBe('oauth_server_error');
	}
);

test('a code of another visit is refused: its verifier is another one', async () => {
	const [victim, attacker] = [newBrowser(), newBrowser()];
	const theirs = await agree(await leave(victim, 'github'), newHubber());
	const own = await agree(await leave(attacker, 'github'), newHubber());
	own.searchParams.set('code', theirs.searchParams.get('code')!);
	expect(errorOf(await comeBack(attacker, own))).toBe('oauth_failed');
	expect(await attacker.api.auth.session()).toBeNull();
});

test.for([
	[401, 'oauth_failed'],
	[403, 'oauth_server_error']
] as const)(
	'%i from its API is told as %s: a token that is no good, or an app that may not ask',
	async ([status, reason]) => {
		for (const path of ['/api/user', '/api/user/emails']) {
			github.spoilt.set(path, (_, response) => response.writeHead(status).end('{}'));
			expect(errorOf(await visit(newBrowser(), 'github', newHubber()))).toBe(reason);
			github.spoilt.clear();
		}
	}
);

test('the primary address is found among a hundred', async () => {
	const email = newEmail();
	const others = Array.from({ length: 99 }, () => address(newEmail(), { primary: false }));
	const browser = newBrowser();
	expect(await visit(browser, 'github', newHubber({ emails: [...others, address(email)] }))).toBe('/orgs');
	expect((await browser.api.auth.me()).user.email).toBe(email);
});

test('to prove oneself, one at least chooses the account there', async () => {
	const user = await makeUser();
	const promptOf = async (query: object) => new URL(await leave(user, 'github', query)).searchParams.get('prompt');
	expect(await promptOf({ intent: 'prove' })).toBe('select_account');
	expect(await promptOf({ intent: 'link' })).toBeNull();
});

test('a name at GitHub may change hands, the number does not', async () => {
	const hubber = newHubber();
	const first = newBrowser();
	await visit(first, 'github', hubber);
	const { user } = await first.api.auth.me();
	const taker = newBrowser();
	expect(errorOf(await visit(taker, 'github', newHubber({ emails: hubber.emails })))).toBe('oauth_account_exists');
	expect(await taker.api.auth.session()).toBeNull();
	const linked = await makeUser();
	expect(await visit(linked, 'github', newHubber(), { intent: 'link' })).toBe('/account/connections');
	expect((await first.api.auth.me()).user).toEqual(user);
});
