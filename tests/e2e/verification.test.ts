import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail, mailTo } from './mail.ts';
import { HOME, newEmail, newPerson, PASSWORD, press, signedOutPerson, signIn, signUp } from './people.ts';

const OWNERS = 'wooden-compass-61';

test('outside the browser that signed up, the mailbox chooses the password', async ({ page, otherBrowser }) => {
	const email = newEmail();
	await signUp(page, email);

	const owner = await otherBrowser();
	await visit(owner, await lastLink('verify', email));
	await press(owner, 'Verify email');
	await expect(owner.getByRole('alert').or(owner.locator('[aria-invalid="true"]'))).toBeVisible();
	await owner.getByLabel('Password').fill(OWNERS);
	await press(owner, 'Verify email');
	await expect(owner).toHaveURL(/\/login$/);
	await expect(owner.getByRole('status')).toContainText('Your address is verified');
	await signIn(owner, email, OWNERS);
	await expect(owner).toHaveURL(HOME);

	await visit(page, '/login');
	await signIn(page, email, PASSWORD);
	await expect(page.getByRole('alert')).toContainText('not the right password');
});

test('nobody signs in before verification, and the link is sent again on request', async ({ page }) => {
	const email = newEmail();
	await signUp(page, email);
	const first = await lastLink('verify', email);
	await visit(page, '/login');
	await signIn(page, email);
	await expect(page.getByRole('alert')).toContainText('verify');
	await press(page, 'Send the link again');
	await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
	await expect.poll(async () => (await mailTo(email)).length).toBe(2);

	const second = await lastLink('verify', email);
	expect(second).not.toBe(first);
	await page.goto(first);
	await expect(page.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
	await visit(page, second);
	await press(page, 'Verify email');
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
});

test('a taken address gets the same page; its owner hears of it and signs in as before', async ({ page }) => {
	const email = await signedOutPerson(page);
	await signUp(page, email, OWNERS);
	const { text } = await lastMail(email, /^Someone tried to sign up/);
	expect(text).toContain('no new one was made');

	await visit(page, '/login');
	await signIn(page, email, OWNERS);
	// As for an address that is free: whoever typed the sign-up must not learn which it was.
	await expect(page.getByRole('alert')).toContainText('Please verify your e-mail address first');
	await signIn(page, email, PASSWORD);
	await expect(page).toHaveURL(HOME);
});

test('a used link to verify leads to signing in, and to a new link', async ({ page, otherBrowser }) => {
	const email = await newPerson(page);
	const stranger = await otherBrowser();
	const response = await stranger.goto(await lastLink('verify', email));
	expect(response!.status()).toBe(404);
	await expect(stranger.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
	await expect(stranger.getByRole('main').getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login');
	await stranger.getByRole('link', { name: 'Send a new link' }).click();
	await expect(stranger).toHaveURL(/\/verify$/);
});

test('an expired link to verify is replaced by a new one that works', async ({ page }) => {
	const email = newEmail();
	await signUp(page, email);
	const link = await lastLink('verify', email);
	await query("update sign_up set expires_at = now() - interval '1 second' where email = $1", [email]);
	const response = await visit(page, link);
	expect(response.status()).toBe(412);
	await expect(page.getByRole('heading', { name: 'This link has expired' })).toBeVisible();

	await page.getByRole('link', { name: 'Send a new link' }).click();
	await page.getByLabel('Email', { exact: true }).fill(email);
	await press(page, 'Send the link');
	await expect.poll(() => lastLink('verify', email)).not.toBe(link);
	await visit(page, await lastLink('verify', email));
	await press(page, 'Verify email');
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
});

test('a link that expires under the open page says so there', async ({ page }) => {
	const email = newEmail();
	await signUp(page, email);
	await visit(page, await lastLink('verify', email));
	await query("update sign_up set expires_at = now() - interval '1 second' where email = $1", [email]);
	await press(page, 'Verify email');
	await expect(page.getByRole('alert')).toContainText('has expired');
});
