import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink } from './mail.ts';
import { call, newPerson, PASSWORD, press, signedOutPerson, signInAgain } from './people.ts';

const NEW = 'crooked-lighthouse-4';

test('a used link to reset says what to do', async ({ page }) => {
	const email = await signedOutPerson(page);
	await call(page.request, 'password.forgot', { email });
	const link = await lastLink('reset', email);
	await visit(page, link);
	await page.getByLabel('New password').fill(NEW);
	await press(page, 'Set password');
	await expect(page).toHaveURL(/\/login$/);

	const response = await page.goto(link);
	expect(response!.status()).toBe(404);
	await expect(page.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login');
	await expect(page.getByRole('link', { name: 'Send a new link' })).toHaveAttribute('href', '/forgot');
});

test('an expired link to reset says so, before and after it was opened', async ({ page }) => {
	const email = await signedOutPerson(page);
	await call(page.request, 'password.forgot', { email });
	const link = await lastLink('reset', email);
	await visit(page, link);
	await query("update token set expires_at = now() - interval '1 second' where email = $1", [email]);
	await page.getByLabel('New password').fill(NEW);
	await press(page, 'Set password');
	await expect(page.getByRole('alert')).toContainText('has expired');

	const response = await page.goto(link);
	expect(response!.status()).toBe(412);
	await expect(page.getByRole('heading', { name: 'This link has expired' })).toBeVisible();
	await page.getByRole('link', { name: 'Send a new link' }).click();
	await expect(page).toHaveURL(/\/forgot$/);
});

test('a weak password is refused with its reason, and the link stays good', async ({ page }) => {
	const email = await signedOutPerson(page);
	await call(page.request, 'password.forgot', { email });
	await visit(page, await lastLink('reset', email));
	const field = page.getByLabel('New password');
	await field.fill('password1234');
	await press(page, 'Set password');
	await expect(field).toHaveAttribute('aria-invalid', 'true');
	await expect(field).toHaveAccessibleDescription(/too easy to guess/);
	await expect(field).toBeFocused();
	await expect(field).toHaveValue('password1234');
	await field.fill(NEW);
	await press(page, 'Set password');
	await expect(page).toHaveURL(/\/login$/);
});

test('a reset signs out every other browser', async ({ page, otherBrowser }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	const mailbox = await otherBrowser();
	await call(mailbox.request, 'password.forgot', { email });
	await visit(mailbox, await lastLink('reset', email));
	await mailbox.getByLabel('New password').fill(NEW);
	await press(mailbox, 'Set password');
	await expect(mailbox).toHaveURL(/\/login$/);

	await page.getByLabel('First name').fill('Ada');
	await press(page, 'Save');
	await signInAgain(page, email, PASSWORD);
	await expect(page.getByRole('alert')).toContainText('not the right password');
});
