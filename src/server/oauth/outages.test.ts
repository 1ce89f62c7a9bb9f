import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD } from '../../../tests/fixtures.ts';
import { startGitHub } from '../../../tests/github.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit } from '../../../tests/visits.ts';
import { log } from '../log.ts';
import { settings } from '../settings.ts';

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const newHubber = () => ({ id: Date.now(), emails: [{ email: newEmail(), primary: true, verified: true }] });

/** What a provider does instead of answering, and how it is told. */
const TROUBLES: [string, RequestListener, string][] = [
	['breaks off', (request) => request.socket.destroy(), 'oauth_unavailable'],
	[
		'stops in the middle',
		(request, response) => response.write('{', () => request.socket.destroy()),
		'oauth_unavailable'
	],
	['fails', (_, response) => response.writeHead(500).end('{}'), 'oauth_server_error'],
	['is overloaded', (_, response) => response.writeHead(429).end('{}'), 'oauth_server_error'],
	['is gone', (_, response) => response.writeHead(404).end('{}'), 'oauth_server_error'],
	['answers nothing', (_, response) => response.writeHead(200).end(), 'oauth_server_error'],
	['answers rubbish', (_, response) => response.writeHead(200).end('<h1>Hello</h1>'), 'oauth_server_error'],
	['answers other JSON', (_, response) => response.writeHead(200).end('["ok"]'), 'oauth_server_error'],
	['answers null', (_, response) => response.writeHead(200).end('null'), 'oauth_server_error'],
	['speaks no HTTP', (request) => request.socket.end('HELLO\r\n\r\n'), 'oauth_server_error'],
	[
		'zips badly',
		(_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'),
		'oauth_server_error'
	],
	['never ends', (_, response) => void pour(() => response.write(' '.repeat(65_536))), 'oauth_server_error']
];

function pour(drop: () => boolean): NodeJS.Timeout {
	const timer = setInterval(() => drop() || undefined, 1);
	setTimeout(() => clearInterval(timer), 3000).unref();
	return timer.unref();
}

describe.for(TROUBLES)('a provider that %s', ([, trouble, reason]) => {
	test.for(['/.well-known/openid-configuration', '/token', '/jwks'])('at %s', async (path) => {
		const google = await startOpenId();
		deploy({ google: google.provider });
		google.spoilt.set(path, trouble);
		const browser = newBrowser();
		if (path.startsWith('/.')) {
			expect(await leave(browser, 'google')).toBe(`/login?error=${reason}`);
			const asking = browser.api.oauth.authorizeUrl({ provider: 'google' });
			await expect(asking).rejects.toMatchObject({ reason: 'unavailable' });
			expect(browser.cookies.getAll()).toEqual([]);
		} else expect(await visit(browser, 'google', newPerson())).toBe(`/login?error=${reason}`);
		google.spoilt.clear();
		expect(await visit(browser, 'google', newPerson())).toBe('/orgs');
		google.stop();
	});

	test.for(['/login/oauth/access_token', '/api/user', '/api/user/emails'])('at %s', async (path) => {
		const github = await startGitHub();
		deploy({ github: github.provider });
		github.spoilt.set(path, trouble);
		const browser = newBrowser();
		expect(await visit(browser, 'github', newHubber())).toBe(`/login?error=${reason}`);
		github.spoilt.clear();
		expect(await visit(browser, 'github', newHubber())).toBe('/orgs');
		github.stop();
	});
});

describe('a provider that points elsewhere', () => {
	test.for(['/.well-known/openid-configuration', '/token', '/jwks'])('at %s is not followed', async (path) => {
		const [google, elsewhere] = [await startOpenId(), await startOpenId()];
		deploy({ google: google.provider });
		for (const status of [301, 302, 303, 307, 308]) {
			const location = `${elsewhere.url}${path}`;
			google.spoilt.set(path, (_, response) => response.writeHead(status, { location }).end('{}'));
			const browser = newBrowser();
			const end = path.startsWith('/.') ? leave(browser, 'google') : visit(browser, 'google', newPerson());
			expect(await end).toBe('/login?error=oauth_server_error');
		}
		expect(elsewhere.asked).toEqual([]);
		for (const { stop } of [google, elsewhere]) stop();
	});

	test.for([
		{ issuer: 'https://evil.example' },
		{ issuer: undefined },
		{ token_endpoint: undefined },
		{ token_endpoint: 'file:///etc/passwd' },
		{ authorization_endpoint: 'javascript:alert(1)' },
		{ jwks_uri: '/jwks' }
	])('by %j in its discovery document is not believed', async (change) => {
		const google = await startOpenId();
		deploy({ google: google.provider });
		const document = {
			issuer: google.url,
			authorization_endpoint: `${google.url}/authorize`,
			token_endpoint: `${google.url}/token`,
			jwks_uri: `${google.url}/jwks`
		};
		const path = '/.well-known/openid-configuration';
		google.spoilt.set(path, (_, response) => response.end(JSON.stringify({ ...document, ...change })));
		expect(await leave(newBrowser(), 'google')).toBe('/login?error=oauth_server_error');
		google.spoilt.set(path, (_, response) => response.end(JSON.stringify(document)));
		expect(await leave(newBrowser(), 'google')).toMatch(`${google.url}/authorize?`);
		google.stop();
	});
});

test('the log tells why nobody could leave for a provider', async () => {
	const google = await startOpenId();
	deploy({ google: google.provider });
	google.spoilt.set('/.well-known/openid-configuration', (_, response) => response.writeHead(503).end());
	const warn = vi.spyOn(log, 'warn');
	await leave(newBrowser(), 'google');
	const because = { message: expect.stringContaining('answered 503') as string };
	expect(warn.mock.calls).toEqual([[{ provider: 'google', reason: 'oauth_server_error', because }, 'oauth refused']]);
	warn.mockRestore();
	google.stop();
});

describe('throughout an outage', () => {
	beforeEach(() => Object.keys(settings.providers).forEach((id) => delete settings.providers[id as 'google']));

	test('a provider that is down or hangs is given up, and meanwhile a password signs in', async () => {
		const [google, oidc] = [await startOpenId('google'), await startOpenId('oidc')];
		const github = await startGitHub();
		deploy({ google: google.provider, github: github.provider, oidc: oidc.provider });
		const { email } = await makeUser({ password: PASSWORD });
		const browser = newBrowser();
		const back = await agree(await leave(browser, 'google'), newPerson());
		google.spoilt.set('/token', () => undefined);
		github.spoilt.set('/login/oauth/access_token', (_, response) => void pour(() => response.write(' ')));
		oidc.stop();

		const hanging = [
			comeBack(browser, back),
			comeBack(browser, back),
			visit(newBrowser(), 'github', newHubber()),
			leave(newBrowser(), 'oidc')
		];
		let isOver = false;
		const given = Promise.all(hanging).finally(() => (isOver = true));
		const other = newBrowser();
		expect(await other.api.auth.config()).toMatchObject({ providers: [{}, {}, {}] });
		expect(await other.api.auth.login({ identifier: email, password: PASSWORD })).toMatchObject({
			status: 'signed_in'
		});
		expect(isOver).toBe(false);
		expect((await given).map(errorOf)).toEqual(Array(4).fill('oauth_unavailable'));
		for (const { stop } of [google, github]) stop();
	});
});
