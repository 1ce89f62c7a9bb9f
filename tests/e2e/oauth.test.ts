import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, isHydrated, test, visit } from './fixtures.ts';
import { lastMail } from './mail.ts';
import { ask, firstOrg, invite, newEmail, newPerson, press, signedOutPerson, signIn, signOut } from './people.ts';
import { agree, comeBy, isSignedIn } from './provider.ts';

type Me = { user: { id: string; email: string; firstName: string | null; lastName: string | null } };

const me = async (page: Page) => (await ask<Me>(page.request, 'auth.me')).user;
const alert = (page: Page) => page.getByRole('alert');

for (const provider of ['Google', 'GitHub'] as const) {
	test(`a new person comes by ${provider}: an account, an organization, and the same account again`, async ({
		page
	}) => {
		const email = newEmail('new');
		await comeBy(page, provider, { email, firstName: 'Nora', lastName: 'Newcomer' }, '/signup');
		await isSignedIn(page);
		const first = await me(page);
		expect(first).toMatchObject({ email, firstName: 'Nora', lastName: 'Newcomer' });
		expect((await firstOrg(page)).name).toContain('Nora');
		await press(page, 'Account menu');
		await expect(page.getByRole('menu')).toContainText('Nora Newcomer');
		await page.keyboard.press('Escape');
		await signOut(page);

		await comeBy(page, provider, { email });
		await isSignedIn(page);
		expect(await me(page)).toEqual(first);
		await visit(page, '/account/activity');
		await expect(page.getByRole('table')).toContainText(`Signed in with ${provider}`);
	});
}

test('where one wanted to go is kept on the way to a provider and back', async ({ page }) => {
	await comeBy(page, 'Google', { email: newEmail() }, '/account/security?from=mail');
	await expect(page).toHaveURL(/\/account\/security\?from=mail$/);
	await isSignedIn(page);
});

test('an account with the address: its owner signs in and connects with one click, then comes in directly', async ({
	page
}) => {
	const email = await signedOutPerson(page);
	await comeBy(page, 'Google', { email });
	await expect(page).toHaveURL(/\/login\?error=oauth_account_exists/);
	await expect(alert(page)).toContainText('There is an account with this address already');
	await signIn(page, email);
	await expect(page).toHaveURL(/\/account\/connections$/);
	await expect(page.getByRole('main')).toContainText(email);
	await press(page, 'Connect Google');
	await expect(page.getByText('Google is connected')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Disconnect Google' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'Connect Google', exact: true })).toBeHidden();
	await lastMail(email, /^Google was connected/);
	const { id } = await me(page);
	await signOut(page);

	await comeBy(page, 'Google', { email });
	await isSignedIn(page);
	expect((await me(page)).id).toBe(id);
});

test('whoever signs in as somebody else is offered nothing', async ({ page }) => {
	const email = await signedOutPerson(page);
	const other = await signedOutPerson(page);
	await comeBy(page, 'Google', { email });
	await expect(alert(page)).toBeVisible();
	await signIn(page, other);
	await expect(page).toHaveURL(/\/account\/connections$/);
	await expect(page.getByRole('heading', { name: 'Google', exact: true })).toBeVisible();
	await expect(page.getByRole('main')).not.toContainText(email);
	expect(await ask(page.request, 'account.connections')).toEqual([]);
});

test('an address that the provider does not vouch for is refused in words', async ({ page }) => {
	const email = newEmail('unverified');
	for (const provider of ['Google', 'GitHub'] as const) {
		await comeBy(page, provider, { email, isVerified: false });
		await expect(page).toHaveURL(/\/login\?error=oauth_email_unverified$/);
		await expect(alert(page)).toContainText('has not verified your e-mail address');
	}
});

test('whoever cancels at the provider reads that nothing has changed, and can go on', async ({ page }) => {
	await visit(page, '/login?redirectTo=%2Ftodos');
	for (const provider of ['Google', 'GitHub']) {
		await page.getByRole('link', { name: `Continue with ${provider}` }).click();
		await page.getByRole('button', { name: 'Cancel' }).click();
		await expect(page).toHaveURL(/\/login\?error=oauth_cancelled$/);
		await expect(alert(page)).toContainText('Nothing has changed');
	}
});

test('an unknown reason says nothing', async ({ page }) => {
	for (const reason of ['canary', 'toString', '__proto__', '<b>x</b>']) {
		await visit(page, `/login?error=${encodeURIComponent(reason)}`);
		await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
		await expect(alert(page)).toBeHidden();
	}
});

test('two tabs begin, and both end signed in', async ({ page, context }) => {
	const email = newEmail('tabs');
	const tabs = [page, await context.newPage()];
	for (const tab of tabs) {
		await visit(tab, '/login');
		await tab.getByRole('link', { name: 'Continue with Google' }).click();
	}
	for (const tab of tabs) await agree(tab, { email });
	for (const tab of tabs) await isSignedIn(tab);
	expect((await me(page)).email).toBe(email);
});

test('a used callback leads onward where it signed in, and nowhere in another browser', async ({
	page,
	otherBrowser
}) => {
	let callback = '';
	page.on('request', (request) => {
		if (request.url().includes('/callback?')) callback = request.url();
	});
	await comeBy(page, 'Google', { email: newEmail('back') });
	await isSignedIn(page);
	await visit(page, '/todos');
	await page.goto(callback);
	await expect(page).toHaveURL(/\/orgs/);
	await isSignedIn(page);

	const stranger = await otherBrowser();
	await stranger.goto(callback);
	await expect(stranger).toHaveURL(/\/login\?error=oauth_invalid_state$/);
	await expect(alert(stranger)).toContainText('begun in another browser');
});

test('the back button after a sign-in by a provider leads to no error', async ({ page }) => {
	await comeBy(page, 'Google', { email: newEmail('back') });
	await isSignedIn(page);
	await page.goBack();
	await expect(page.getByRole('heading', { name: /^Local/ })).toBeVisible();
	await page.goForward();
	await isSignedIn(page);
});

test('somebody invited comes by Google: the invitation waits, and one click accepts it', async ({
	page,
	otherBrowser
}) => {
	const admin = await otherBrowser();
	await newPerson(admin);
	const { slug, name } = await firstOrg(admin);
	const email = newEmail('invited');
	await invite(admin, slug, email);
	await comeBy(page, 'Google', { email });
	await isSignedIn(page);
	await visit(page, '/orgs');
	await expect(page.getByRole('main')).toContainText(`${name} invites you`);
	expect(await ask<{ slug: string }[]>(page.request, 'orgs.list')).not.toContainEqual(
		expect.objectContaining({ slug })
	);
	await press(page, 'Accept invitation');
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));
});

test('the link of an invitation offers the providers, and comes back to it', async ({ page, otherBrowser }) => {
	const admin = await otherBrowser();
	await newPerson(admin);
	const { slug } = await firstOrg(admin);
	const email = newEmail('invited');
	const link = await invite(admin, slug, email);
	await comeBy(page, 'GitHub', { email }, link);
	await expect(page).toHaveURL(new RegExp(`${link}$`));
	await isHydrated(page);
	await press(page, 'Accept invitation');
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));
});

test('somebody suspended is told so', async ({ page }) => {
	const email = newEmail('suspended');
	await comeBy(page, 'Google', { email });
	await isSignedIn(page);
	await query('update "user" set suspended_at = now() where email = $1', [email]);
	await page.context().clearCookies();
	await comeBy(page, 'Google', { email });
	await expect(page).toHaveURL(/\/login\?error=suspended$/);
	await expect(alert(page)).toContainText('suspended');
});
