import type { Page } from 'playwright/test';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail } from './mail.ts';
import { HOME, newEmail, PASSWORD, press, signIn, signOut, signUp } from './people.ts';

const CHANGED = 'patient-umbrella-17';
const RESET = 'crooked-lighthouse-4';

test('sign up, verify, change the password, sign out, forget it, reset it, sign in again', async ({ page }) => {
	const email = newEmail('ada');
	await signUp(page, email);
	await verify(page, email);
	await changePassword(page, email);
	await signOut(page);
	await resetPassword(page, email);

	await signIn(page, email, CHANGED);
	await expect(page.getByRole('alert')).toContainText('not the right password');
	await signIn(page, email, RESET);
	await expect(page).toHaveURL(HOME);
	await signOut(page);
});

async function verify(page: Page, email: string): Promise<void> {
	await visit(page, await lastLink('verify', email));
	await expect(page.getByText(email)).toBeVisible();
	await press(page, 'Verify email');
	await expect(page).toHaveURL(HOME);
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(email.split('@')[0]!);
}

async function changePassword(page: Page, email: string): Promise<void> {
	await page.getByRole('link', { name: 'Security' }).click();
	await page.getByLabel('Current password').fill(PASSWORD);
	await page.getByLabel('New password').fill(CHANGED);
	await press(page, 'Change password');
	await expect(page.getByText('Your password is changed')).toBeVisible();
	await lastMail(email, /was changed$/);
}

async function resetPassword(page: Page, email: string): Promise<void> {
	await page.getByRole('link', { name: 'Forgot password?' }).click();
	await expect(page).toHaveURL(/\/forgot$/);
	await page.getByLabel('Email', { exact: true }).fill(email);
	await press(page, 'Send reset link');
	await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
	await visit(page, await lastLink('reset', email));
	await page.getByLabel('New password').fill(RESET);
	await press(page, 'Set password');
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByRole('status')).toContainText('Your new password is set');
	await lastMail(email, /was reset$/);
}

test('a profile is changed, and the username signs in', async ({ page }) => {
	const email = newEmail('grace');
	const username = `grace_${email.slice(6, 14)}`;
	await signUp(page, email);
	await verify(page, email);
	await page.getByRole('link', { name: 'Profile' }).click();
	await page.getByLabel('First name').fill('Grace');
	await page.getByLabel('Username').fill(username);
	await press(page, 'Save');
	await expect(page.getByText('Your profile is saved')).toBeVisible();
	await signOut(page);

	await signIn(page, username);
	await expect(page).toHaveURL(HOME);
	await press(page, 'Account menu');
	await expect(page.getByRole('menu')).toContainText('Grace');
});
