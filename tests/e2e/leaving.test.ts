import { expect, test, visit } from './fixtures.ts';
import { lastMail } from './mail.ts';
import { HOME, newPerson, press, signIn } from './people.ts';

test('an account is deactivated, and taken back by signing in', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	await page.getByRole('link', { name: 'Privacy' }).click();
	await press(page, 'Deactivate account');
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('signed out everywhere');
	await dialog.getByRole('button', { name: 'Deactivate account' }).click();
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByText('Sign in to come back')).toBeVisible();
	await lastMail(email, /is deactivated$/);

	await signIn(page, email);
	await expect(page).toHaveURL(HOME);
});
