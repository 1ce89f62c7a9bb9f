import { expect, test, visit } from './fixtures.ts';
import { endSessions, HOME, newPerson, press, signInAgain, signOut } from './people.ts';

test('a session that ended elsewhere leads to a sign-in at the next navigation', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	await endSessions(email);
	await page.getByRole('link', { name: 'Security' }).click();
	await expect(page).toHaveURL(/\/login\?redirectTo=%2Faccount%2Fsecurity$/);
});

test('signing out ends the session on the server, and "back" shows nothing of it', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	const cookies = await page.context().cookies();
	await signOut(page);
	await page.goBack();
	await expect(page.getByLabel('Email or username')).toBeVisible();
	await expect(page.getByText(email)).toBeHidden();

	await page.context().addCookies(cookies);
	await page.goto('/account');
	await expect(page).toHaveURL(/\/login\?redirectTo=%2Faccount$/);
});

test('cookies that a sibling domain planted neither keep one signed in nor break the page', async ({
	page,
	context,
	baseURL
}) => {
	const email = await newPerson(page);
	const planted = { domain: new URL(baseURL!).hostname, path: '/account' };
	await context.addCookies([
		{ name: 'csrf_token', value: 'planted', ...planted },
		{ name: 'ended_sessions', value: '%', ...planted }
	]);
	await visit(page, '/account');
	await signOut(page);
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByText('the server could not be told')).toBeHidden();
	await page.goto('/account');
	await expect(page).toHaveURL(/\/login/);
	await expect(page.getByText(email)).toBeHidden();
});

test('signing out clears the page even when the call fails', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	await page.route('**/trpc/auth.logout*', (route) => route.abort());
	await signOut(page);
	await expect(page.getByText(email)).toBeHidden();
	await expect(page.getByLabel('Email or username')).toBeVisible();
});

test('signing in to another account in the same browser ends the session that was', async ({ page, otherBrowser }) => {
	const first = await newPerson(page);
	const cookies = await page.context().cookies();
	const second = await newPerson(await otherBrowser());
	const login = await page.request.post('/trpc/auth.login', {
		data: { identifier: second, password: 'wandering-teapot-92' },
		headers: { 'X-CSRF-Token': cookies.find(({ name }) => name === 'csrf_token')!.value }
	});
	expect(login.status()).toBe(200);
	await visit(page, '/account');
	await expect(page.getByText(second).first()).toBeVisible();
	await page.context().addCookies(cookies);
	await page.goto('/account');
	await expect(page).toHaveURL(/\/login/);
	await expect(page.getByText(first)).toHaveCount(0);
});

test('two tabs: after signing out in one, the other asks for a sign-in', async ({ page, context }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	const tab = await context.newPage();
	await visit(tab, '/orgs');
	await signOut(tab);
	await press(page, 'Save');
	await signInAgain(page, email);
	await expect(page.getByText('Your profile is saved')).toBeVisible();
	await visit(tab, '/');
	await tab.getByRole('link', { name: 'Open app' }).click();
	await expect(tab).not.toHaveURL(HOME);
	await expect(tab.getByRole('button', { name: 'Account menu' })).toBeVisible();
});
