import { resolve } from 'node:path';
import type { Page } from 'playwright/test';
import { startProvider, variablesFor } from '../../dev-provider.ts';
import { test as base, TLS } from './deployed.ts';
import { expect, visit } from './fixtures.ts';
import { newEmail, press } from './people.ts';
import { agree, comeBy, isSignedIn } from './provider.ts';
import { send } from './raw.ts';

/** A deployment with a provider on another site: localhost, where ours is 127.0.0.1. */
const test = base.extend<{ origin: string }>({
	origin: async ({ deploy }, use) => {
		const provider = await startProvider(0, { key: TLS, cert: TLS });
		const { origin } = await deploy({ NODE_EXTRA_CA_CERTS: resolve(TLS), ...variablesFor(provider.issuer.url!) });
		await use(origin);
		await provider.stop();
	}
});

const FOREIGN = 'https://foreign.example/';

/** Follows a link on somebody else's page; how often the page behind it was asked for. */
async function followFrom(page: Page, target: string): Promise<number> {
	const body = `<a href="${target}">A link</a>`;
	await page.route(FOREIGN, (route) => route.fulfill({ contentType: 'text/html', body }));
	await page.goto(FOREIGN);
	let asked = 0;
	page.on('request', (request) => {
		if (request.isNavigationRequest() && request.url() === target) asked++;
	});
	await page.getByRole('link', { name: 'A link' }).click();
	await expect(page.locator('#main')).toBeVisible();
	return asked;
}

test('deployed, one comes by a provider, is signed in at once, and stays so on links from elsewhere', async ({
	page,
	origin
}) => {
	await visit(page, `${origin}/login`);
	await page.getByRole('link', { name: 'Continue with Google' }).click();
	await expect(page.getByRole('heading', { name: /^Local/ })).toBeVisible();
	const [flow] = (await page.context().cookies(origin)).filter(({ name }) => name.includes('oauth_flow'));
	expect(flow).toMatchObject({ sameSite: 'Lax', secure: true, httpOnly: true, path: '/' });
	expect(flow!.name).toMatch(/^__Host-oauth_flow_/);
	await agree(page, { email: newEmail(), firstName: 'Pia', lastName: 'Picture' });
	await isSignedIn(page);
	const cookies = await page.context().cookies();
	const session = cookies.find(({ name }) => name === '__Host-session_id');
	expect(session).toMatchObject({ sameSite: 'Strict', secure: true, httpOnly: true });

	expect(await followFrom(page, `${origin}/account?from=mail&q=%22%3E`)).toBe(2);
	await expect(page).toHaveURL(`${origin}/account?from=mail&q=%22%3E`);
	await isSignedIn(page);
	await followFrom(page, `${origin}/`);
	await expect(page.getByRole('link', { name: 'Open app' })).toBeVisible();
	await followFrom(page, `${origin}/login?redirectTo=/todos`);
	await expect(page).toHaveURL(`${origin}/todos`);
	expect(await page.context().cookies()).not.toContainEqual(expect.objectContaining({ name: 'hopped' }));
});

test('deployed, a picture of a provider is kept, and initials are shown: pages load none from elsewhere', async ({
	page,
	origin
}) => {
	const pictures: string[] = [];
	page.on('request', (request) => {
		if (request.resourceType() === 'image' && !request.url().startsWith(origin)) pictures.push(request.url());
	});
	await comeBy(page, 'Google', { email: newEmail(), firstName: 'Pia', lastName: 'Picture' }, `${origin}/login`);
	await isSignedIn(page);
	const me = await page.request.get(`${origin}/trpc/auth.me`);
	expect(await me.text()).toContain('/picture.png');
	await expect(page.getByRole('button', { name: 'Account menu' }).locator('[data-initials="PP"]')).toBeVisible();
	await expect(page.locator('img')).toHaveCount(0);
	expect(pictures).toEqual([]);
});

test('deployed, somebody else’s page cannot swap who is signed in', async ({ page, origin }) => {
	await comeBy(page, 'Google', { email: newEmail() }, `${origin}/login`);
	await isSignedIn(page);
	const session = async () =>
		(await page.context().cookies(origin)).find(({ name }) => name === '__Host-session_id')!.value;
	const before = await session();
	const left: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes('/authorize')) left.push(request.url());
	});
	await followFrom(page, `${origin}/auth/oauth/google?redirectTo=/todos`);
	await expect(page).toHaveURL(`${origin}/todos`);
	await isSignedIn(page);
	expect(await session()).toBe(before);
	await page.context().clearCookies();
	await followFrom(page, `${origin}/auth/oauth/google?redirectTo=/todos`);
	await expect(page).toHaveURL(`${origin}/login?redirectTo=%2Ftodos`);
	expect(left).toEqual([]);
});

test('deployed, a used callback leads onward also when the flow’s cookie is gone and the Strict one stayed at home', async ({
	page,
	origin
}) => {
	let callback = '';
	page.on('request', (request) => {
		if (request.url().includes('/callback?')) callback = request.url();
	});
	await comeBy(page, 'Google', { email: newEmail() }, `${origin}/login`);
	await isSignedIn(page);
	await page.context().clearCookies({ name: /oauth_flow/ });
	expect(await followFrom(page, callback)).toBe(2);
	await expect(page).toHaveURL(`${origin}/orgs`);
	await isSignedIn(page);
	await page.context().clearCookies();
	expect(await followFrom(page, callback)).toBe(2);
	await expect(page).toHaveURL(`${origin}/login?error=oauth_invalid_state`);
});

test('deployed, a provider is connected on the way back without the Strict cookie', async ({ page, origin }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, `${origin}/login?redirectTo=/account/connections`);
	await isSignedIn(page);
	await press(page, 'Connect GitHub');
	await agree(page, { email });
	await expect(page.getByRole('status')).toContainText('GitHub is connected');
});

test('deployed, signed out, a link from elsewhere makes one hop and comes to the page', async ({ page, origin }) => {
	for (const path of ['/', '/login', '/signup', '/forgot']) {
		expect(await followFrom(page, origin + path), path).toBe(2);
		await expect(page).toHaveURL(origin + path);
	}
	expect(await followFrom(page, `${origin}/account`)).toBe(2);
	await expect(page).toHaveURL(`${origin}/login?redirectTo=%2Faccount`);
});

test('deployed, who cancels at the provider reads that nothing has changed', async ({ page, origin }) => {
	await page.goto(`${origin}/login`);
	await page.getByRole('link', { name: 'Continue with GitHub' }).click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect(page).toHaveURL(`${origin}/login?error=oauth_cancelled`);
	await expect(page.getByRole('alert')).toContainText('Nothing has changed');
});

const ARRIVAL = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
const isHop = (body: string) => body.includes('http-equiv="refresh"');

test('a browser that always claims to come from elsewhere is not sent round for ever', async () => {
	const first = await send('/login?redirectTo=%2Ftodos', { headers: ARRIVAL });
	expect(first.status).toBe(200);
	expect(first.body).toContain('content="0;url=/login?redirectTo=%2Ftodos"');
	expect(first.headers['cache-control']).toBe('no-store');
	const [marker] = first.headers['set-cookie']!;
	expect(marker).toMatch(/^hopped=1; .*HttpOnly/);
	const second = await send('/login', { headers: { ...ARRIVAL, Cookie: marker!.split(';')[0] } });
	expect(isHop(second.body)).toBe(false);
	expect(second.body).toContain('Sign in');
	expect(second.headers['set-cookie']?.join()).toContain('hopped=;');
});

test('only pages, and only where another site leads the whole window there, are hopped to', async () => {
	for (const changed of [
		{ 'Sec-Fetch-Site': 'same-origin' },
		{ 'Sec-Fetch-Site': 'none' },
		{ 'Sec-Fetch-Dest': 'iframe' },
		{ 'Sec-Fetch-Mode': 'cors' }
	]) {
		expect(isHop((await send('/login', { headers: { ...ARRIVAL, ...changed } })).body)).toBe(false);
	}
	for (const path of [
		'/trpc/auth.config',
		'/health',
		'/auth/oauth/google',
		'/auth/oauth/google/callback',
		'/nothing'
	]) {
		expect(isHop((await send(path, { headers: ARRIVAL })).body), path).toBe(false);
	}
});
