import type { Page } from 'playwright/test';
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
	window.google = { accounts: { id: {
		initialize: ({ callback, ...options }) => {
			Object.assign(told, options);
			addEventListener('keydown', ({ key }) => key === 'F2' && callback({ credential: 'nonsense' }));
		},
		prompt: () => { told.prompted = true; }
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
	await expect.poll(() => told(page)).toBeNull();
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
