import type { Page } from 'playwright/test';
import { OAUTH_ERRORS } from '../../src/lib/oauth.ts';
import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { test } from './deployed.ts';
import { expect, visit } from './fixtures.ts';
import { newEmail, PASSWORD, press, signIn } from './people.ts';
import { isSignedIn } from './provider.ts';
import { send } from './raw.ts';

const SCRIPT = 'https://accounts.google.com/gsi/client';
const CLIENT = { GOOGLE_CLIENT_ID: 'client.example', GOOGLE_CLIENT_SECRET: 'secret' };
const WIDENED = {
	'script-src': SCRIPT,
	'style-src': 'https://accounts.google.com/gsi/style',
	'frame-src': 'https://accounts.google.com/gsi/',
	'connect-src': 'https://accounts.google.com/gsi/'
};

/** The script of Google, as far as we call it: it tells what it was given, and hands over a token at a click. */
const STAND_IN = `
	const told = {};
	window.told = told;
	let answer;
	addEventListener('keydown', ({ key }) => key === 'F2' && answer({ credential: 'nonsense' }));
	window.google = { accounts: { id: {
		initialize: ({ callback, ...options }) => {
			Object.assign(told, options);
			answer = callback;
		},
		prompt: () => { told.prompted = true; },
		cancel: () => { delete told.prompted; }
	} } };`;

async function standIn(page: Page): Promise<void> {
	await page.route(SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: STAND_IN }));
}

const told = (page: Page) => page.evaluate(() => (window as { told?: Record<string, unknown> }).told ?? null);

test('the policy lets Google in on the two pages that offer One Tap, and nowhere else', async ({ serve }) => {
	const { origin } = await serve(CLIENT);
	const directivesOf = async (path: string) => {
		const { headers } = await send(path, {}, origin);
		const policy = String(headers['content-security-policy']);
		return new Map(policy.split('; ').map((directive) => [directive.split(' ')[0]!, directive]));
	};
	for (const path of ['/login', '/signup', '/login?error=oauth_cancelled']) {
		const directives = await directivesOf(path);
		const widened = [...directives].filter(([, directive]) => directive.includes('google'));
		expect(widened.map(([name]) => name).sort()).toEqual(Object.keys(WIDENED).sort());
		for (const [name, source] of Object.entries(WIDENED)) expect(directives.get(name)!.split(' ')).toContain(source);
	}
	for (const path of ['/', '/forgot', '/verify', '/nothing', '/dev']) {
		expect([...(await directivesOf(path)).values()].join(), path).not.toContain('google');
	}
});

test('without a client id, or with another issuer, nothing is let in and nothing loaded', async ({ page, baseURL }) => {
	const outside: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(baseURL!)) outside.push(request.url());
	});
	for (const path of ['/login', '/signup']) {
		expect(String((await send(path)).headers['content-security-policy'])).not.toContain('google');
		await visit(page, path);
	}
	expect(outside).toEqual([]);
});

test('One Tap is offered with a nonce of this browser; what it hands over is checked', async ({ page, deploy }) => {
	const { origin } = await deploy(CLIENT);
	await standIn(page);
	for (const path of ['/login', '/signup']) {
		await visit(page, origin + path);
		await expect.poll(() => told(page)).toMatchObject({ client_id: 'client.example', prompted: true });
		expect((await told(page))!.nonce).toMatch(/^[\w-]{20,}$/);
	}
	await page.keyboard.press('F2');
	await expect(page.getByRole('alert')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Create account' })).toBeEnabled();
});

const offer = async (page: Page) => {
	await expect.poll(() => told(page)).toMatchObject({ prompted: true });
	return (await told(page))!.nonce;
};

test('an offer in a tab left open is renewed before its nonce is too old, and after a refusal', async ({
	page,
	deploy
}) => {
	const { origin } = await deploy(CLIENT);
	await standIn(page);
	await page.clock.install();
	await visit(page, `${origin}/login`);
	const nonces = [await offer(page)];
	const changes = async () => {
		await expect.poll(async () => nonces.includes((await told(page))!.nonce)).toBe(false);
		nonces.push(await offer(page));
	};
	for (let renewals = 0; renewals < 2; renewals++) {
		await page.clock.fastForward('08:30');
		expect(await offer(page)).toBe(nonces.at(-1));
		await page.clock.fastForward('00:31');
		await changes();
	}
	await page.keyboard.press('F2');
	await expect(page.getByRole('alert')).toContainText('did not check out');
	await changes();
	await page.clock.fastForward('09:01');
	await changes();
});

test('where the address has an account, the page asks its owner to sign in, and then offers to connect', async ({
	page,
	deploy
}) => {
	const { origin, databaseUrl } = await deploy(CLIENT);
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	await standIn(page);
	await page.route(/\/trpc\/oauth\.oneTap\?/, (route) => {
		const data = { code: 'UNAUTHORIZED', httpStatus: 401, reason: 'invalid_credentials' };
		const error = { json: { message: OAUTH_ERRORS.oauth_account_exists, code: -32001, data } };
		return route.fulfill({ status: 401, json: [{ error }] });
	});
	await visit(page, `${origin}/login`);
	await offer(page);
	await page.keyboard.press('F2');
	await expect(page).toHaveURL(`${origin}/login?error=oauth_account_exists&redirectTo=%2Faccount%2Fconnections`);
	await expect(page.getByRole('alert')).toContainText('Sign in as you always do');
	await signIn(page, email);
	await expect(page).toHaveURL(`${origin}/account/connections`);
});

test('the script of Google does not come along: the pages around it are documents of their own', async ({
	page,
	deploy
}) => {
	const { origin } = await deploy(CLIENT);
	await standIn(page);
	await visit(page, origin);
	await page.getByRole('link', { name: 'Sign in' }).click();
	await expect.poll(() => told(page)).not.toBeNull();
	await page.getByRole('link', { name: 'Forgot password?' }).click();
	await expect(page.getByRole('button', { name: 'Send reset link' })).toBeVisible();
	expect(await told(page)).toBeNull();
	await page.getByRole('link', { name: 'Back to sign in' }).click();
	await page.getByRole('link', { name: 'Create account' }).click();
	await expect.poll(() => told(page)).not.toBeNull();

	const email = newEmail();
	await page.getByLabel('Email', { exact: true }).fill(email);
	await page.getByLabel('Password').fill(PASSWORD);
	await press(page, 'Create account');
	await expect(page).toHaveURL(/\/verify$/);
	// The document of before may go in the middle of the question.
	await expect(async () => expect(await told(page)).toBeNull()).toPass();
	await expect(page.getByText(email)).toBeVisible();
});

test('the script of Google does not come along with who signs in by a password', async ({ page, deploy }) => {
	const { origin, databaseUrl } = await deploy(CLIENT);
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	await standIn(page);
	await visit(page, `${origin}/login?redirectTo=/account`);
	await expect.poll(() => told(page)).not.toBeNull();
	await signIn(page, email);
	await isSignedIn(page);
	await expect(page).toHaveURL(`${origin}/account`);
	expect(await told(page)).toBeNull();
});

test('a script that is kept out leaves the page as it is', async ({ page, deploy }) => {
	const { origin } = await deploy(CLIENT);
	await page.route(SCRIPT, (route) => route.abort());
	await visit(page, `${origin}/login`);
	await signIn(page, newEmail());
	await expect(page.getByRole('alert')).toContainText('not the right password');
});
