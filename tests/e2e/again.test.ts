import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { ask, call, endSessions, firstOrg, newEmail, newPerson, PASSWORD, press, signInAgain } from './people.ts';
import { agree, comeBy, isSignedIn } from './provider.ts';

const asking = (page: Page) => page.getByRole('dialog', { name: 'Your session has ended' });
const form = (page: Page) => page.getByRole('dialog', { name: 'Add customer' });

/** A page with a new customer typed in, and its person. */
async function typed(page: Page) {
	const email = await newPerson(page);
	const { slug } = await firstOrg(page);
	await typeCustomer(page, slug);
	return { email, slug };
}

async function typeCustomer(page: Page, slug: string) {
	await visit(page, `/orgs/${slug}/customers`);
	await press(page, 'Add customer');
	await form(page).getByLabel('Name').fill('Grace Hopper');
	await form(page).getByLabel('Email').fill('grace@example.com');
	await form(page).getByLabel('Notes').fill('Typed with care.');
}

async function isSaved(page: Page) {
	await expect(page.getByText('Grace Hopper is added.')).toBeVisible();
	await expect(form(page)).toBeHidden();
	await expect(page.getByRole('row', { name: /Grace Hopper.*Typed with care/ })).toBeVisible();
}

const customers = async (page: Page, org: string) =>
	(await ask<{ items: unknown[] }>(page.request, 'customers.list', { org })).items.length;

test('a session that ends under a form asks for a sign-in over it, and what was typed is saved', async ({ page }) => {
	const { email } = await typed(page);
	await endSessions(email);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await expect(asking(page).getByLabel('Password')).toBeFocused();
	await signInAgain(page, email, 'not-my-password');
	await expect(asking(page).getByRole('alert')).toContainText('not the right password');
	await signInAgain(page, email);
	await isSaved(page);
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await page.getByRole('link', { name: 'Security' }).click();
	await expect(page.getByRole('heading', { name: 'Security' })).toBeVisible();
});

test('a form is not sent as somebody else who signed in in another tab', async ({ page, context, otherBrowser }) => {
	const { email, slug } = await typed(page);
	const other = await newPerson(await otherBrowser());
	const tab = await context.newPage();
	await call(tab.request, 'auth.login', { identifier: other, password: PASSWORD });
	await form(page).getByRole('button', { name: 'Save' }).click();
	await expect(asking(page).getByRole('alert')).toContainText(`${other} signed in`);
	expect(await ask(tab.request, 'auth.me')).toMatchObject({ user: { email: other } });
	await signInAgain(page, email);
	await isSaved(page);
	expect(await customers(page, slug)).toBe(1);
	expect(await ask(tab.request, 'auth.me')).toMatchObject({ user: { email } });
});

test('somebody else’s profile is not changed by a page that was left open', async ({ page, context, otherBrowser }) => {
	await newPerson(page);
	const other = await newPerson(await otherBrowser(), { firstName: 'Bob' });
	await visit(page, '/account');
	await page.getByLabel('First name').fill('Ada');
	const tab = await context.newPage();
	await call(tab.request, 'auth.login', { identifier: other, password: PASSWORD });
	await press(page, 'Save');
	await expect(asking(page).getByRole('alert')).toContainText(other);
	await page.keyboard.press('Escape');
	await expect(page.getByLabel('First name')).toHaveValue('Ada');
	expect(await ask(tab.request, 'account.get')).toMatchObject({ email: other, firstName: 'Bob' });
});

test('whoever signed in again in another tab is not asked', async ({ page, context }) => {
	const { email } = await typed(page);
	await endSessions(email);
	const tab = await context.newPage();
	await call(tab.request, 'auth.login', { identifier: email, password: PASSWORD });
	await form(page).getByRole('button', { name: 'Save' }).click();
	await isSaved(page);
});

test('whoever signs in in another tab while the dialog asks comes back to it', async ({ page, context }) => {
	const { email } = await typed(page);
	await endSessions(email);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await expect(asking(page)).toBeVisible();
	const tab = await context.newPage();
	await call(tab.request, 'auth.login', { identifier: email, password: PASSWORD });
	await returnTo(page);
	await isSaved(page);
});

test('a provider signs in in a tab of its own', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login');
	await isSignedIn(page);
	await typeCustomer(page, (await firstOrg(page)).slug);
	await endSessions(email);
	await form(page).getByRole('button', { name: 'Save' }).click();
	const opened = page.waitForEvent('popup');
	await asking(page).getByRole('link', { name: 'Continue with Google' }).click();
	const tab = await opened;
	await agree(tab, { email });
	await expect(tab.getByRole('heading', { name: 'You are signed in' })).toBeVisible();
	await returnTo(page);
	await isSaved(page);
});

test('giving up leaves a signed-out page with what was typed, and saving asks again', async ({ page }) => {
	const { email, slug } = await typed(page);
	await endSessions(email);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await expect(asking(page)).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(form(page).getByRole('alert')).toContainText('Please sign in.');
	await expect(form(page).getByLabel('Notes')).toHaveValue('Typed with care.');
	await expect(page.locator('header').getByRole('link', { name: 'Sign in', includeHidden: true })).toHaveAttribute(
		'href',
		`/login?redirectTo=${encodeURIComponent(`/orgs/${slug}/customers`)}`
	);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await signInAgain(page, email);
	await isSaved(page);
});

test('a file that was chosen is imported after the sign-in', async ({ page }) => {
	const email = await newPerson(page);
	const { slug } = await firstOrg(page);
	await visit(page, `/orgs/${slug}/customers`);
	await press(page, 'Import');
	const buffer = Buffer.from('name,email\nGrace Hopper,grace@example.com\n');
	await page.getByLabel('CSV file').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer });
	await endSessions(email);
	await page.getByRole('dialog', { name: 'Import customers' }).getByRole('button', { name: 'Import' }).click();
	await signInAgain(page, email);
	await expect(page.getByText('1 customer imported.').first()).toBeVisible();
	expect(await customers(page, slug)).toBe(1);
});

test('whoever is suspended meanwhile reads so, and what they typed is still there', async ({ page }) => {
	const { email } = await typed(page);
	await query('update "user" set suspended_at = now() where email = $1', [email]);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await expect(form(page).getByRole('alert')).toContainText('suspended');
	await endSessions(email);
	await form(page).getByRole('button', { name: 'Save' }).click();
	await signInAgain(page, email);
	await expect(asking(page).getByRole('alert')).toContainText('suspended');
	await page.keyboard.press('Escape');
	await expect(form(page).getByLabel('Notes')).toHaveValue('Typed with care.');
});

/** A test's pages all believe that one looks at them. */
const returnTo = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('focus')));
