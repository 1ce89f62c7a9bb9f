import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail } from './mail.ts';
import { ageProof, call, HOME, newEmail, newPerson, PASSWORD, press, signIn } from './people.ts';
import { agree, comeBy, dialog, inDialog, isSignedIn } from './provider.ts';

/** Asks for a change of address in the profile, by its dialog. */
async function ask(page: Page, email: string, password = PASSWORD): Promise<void> {
	await visit(page, '/account');
	await press(page, 'Change email');
	await dialog(page).getByLabel('New email').fill(email);
	await dialog(page).getByLabel('Password').fill(password);
	await inDialog(page, 'Send link');
}

test('an address is changed by a click in the new mailbox', async ({ page, otherBrowser }) => {
	const [old, email] = [await newPerson(page), newEmail('new')];
	await ask(page, old);
	await expect(dialog(page).getByLabel('New email')).toHaveAccessibleDescription(/your address already/);
	await dialog(page).getByLabel('New email').fill(email);
	await dialog(page).getByLabel('Password').fill('not-my-password');
	await inDialog(page, 'Send link');
	await expect(dialog(page).getByLabel('Password')).toHaveAccessibleDescription(/not your password/);
	await dialog(page).getByLabel('Password').fill(PASSWORD);
	await inDialog(page, 'Send link');
	await expect(page.getByText(`We sent a link to ${email}`).first()).toBeVisible();
	await lastMail(old, /about to change/);

	await visit(page, await lastLink('confirm-email', email));
	await expect(page.getByRole('main')).toContainText(old);
	await press(page, 'Confirm email');
	await expect(page).toHaveURL(/\/account$/);
	await expect(page.getByRole('main')).toContainText(email);
	await expect(page.getByRole('main')).not.toContainText(old);

	const other = await otherBrowser();
	await visit(other, '/login');
	await signIn(other, old);
	await expect(other.getByRole('alert')).toContainText('not the right password');
	await signIn(other, email);
	await expect(other).toHaveURL(HOME);
});

test('a link is good in a browser that is signed out, and says when it was used', async ({ page, otherBrowser }) => {
	const email = newEmail('new');
	await newPerson(page);
	await ask(page, email);
	const link = await lastLink('confirm-email', email);
	const other = await otherBrowser();
	await visit(other, link);
	await press(other, 'Confirm email');
	await expect(other.getByRole('heading', { name: 'The address is changed' })).toBeVisible();
	await other.getByRole('link', { name: 'Sign in' }).click();
	await signIn(other, email);
	await expect(other).toHaveURL(HOME);
	expect((await other.goto(link))!.status()).toBe(404);
	await expect(other.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
	await visit(page, '/account');
	await expect(page.getByRole('main')).toContainText(email);
});

test('a waiting change is shown, sent again, and cancelled', async ({ page }) => {
	const email = newEmail('new');
	const old = await newPerson(page);
	await ask(page, email);
	const waiting = page.getByRole('status').filter({ hasText: 'your address changes when you confirm it' });
	await expect(waiting).toContainText(email);
	const first = await lastLink('confirm-email', email);
	await waiting.getByRole('button', { name: 'Send again' }).click();
	await expect(page.getByText(`We sent a new link to ${email}`)).toBeVisible();
	await expect.poll(() => lastLink('confirm-email', email)).not.toBe(first);
	await waiting.getByRole('button', { name: 'Cancel' }).click();
	await expect(waiting).toBeHidden();
	await expect(page.getByRole('main')).toContainText(old);
	expect((await page.goto(await lastLink('confirm-email', email)))!.status()).toBe(404);
});

test('an owner takes the account back, by one click and a new password', async ({ page, otherBrowser }) => {
	const [old, email] = [await newPerson(page), newEmail('thief')];
	const thief = await otherBrowser();
	await visit(thief, '/login');
	await signIn(thief, old);
	await expect(thief).toHaveURL(HOME);
	await call(thief.request, 'account.changeEmail', { email, password: PASSWORD });
	await visit(thief, await lastLink('confirm-email', email));
	await press(thief, 'Confirm email');
	await expect(thief).toHaveURL(/\/account$/);

	await lastMail(old, /was changed/);
	await visit(page, await lastLink('undo-email', old));
	await expect(page.getByRole('main')).toContainText(email);
	await press(page, 'Undo the change');
	await expect(page.getByRole('heading', { name: 'The change is undone' })).toBeVisible();
	await thief.getByLabel('First name').fill('Thief');
	await press(thief, 'Save');
	await expect(thief.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();

	await lastMail(old, /is this one again/);
	await visit(page, await lastLink('reset', old));
	await page.getByLabel('New password').fill('crooked-lighthouse-4');
	await press(page, 'Set password');
	await signIn(page, old, 'crooked-lighthouse-4');
	await expect(page).toHaveURL(HOME);
});

test('an address that somebody else has by now, and an undo that comes too late, say so', async ({ page }) => {
	const email = newEmail('new');
	const old = await newPerson(page);
	await ask(page, email);
	const link = await lastLink('confirm-email', email);
	await query('update email_change set lost = true where email = $1', [email]);
	expect((await page.goto(link))!.status()).toBe(409);
	await expect(page.getByRole('main')).toContainText('belongs to another account');
	await query("update email_undo set expires_at = now() - interval '1 second' where email = $1", [old]);
	expect((await page.goto(await lastLink('undo-email', old)))!.status()).toBe(412);
	await expect(page.getByRole('heading', { name: 'This link has expired' })).toBeVisible();
});

test('who came by a provider proves it there, in place of a password', async ({ page }) => {
	const [old, email] = [newEmail(), newEmail('new')];
	await comeBy(page, 'Google', { email: old }, '/login?redirectTo=%2Faccount');
	await isSignedIn(page);
	await ageProof(old);
	await press(page, 'Change email');
	await expect(dialog(page).getByLabel('Password')).toBeHidden();
	await dialog(page).getByLabel('New email').fill(email);
	await inDialog(page, 'Send link');
	await page.getByRole('link', { name: 'Confirm with Google' }).click();
	await agree(page, { email: old });
	await expect(page).toHaveURL(/\/account/);
	await isSignedIn(page);
	await expect(dialog(page).getByLabel('New email')).toHaveValue(email);
	await inDialog(page, 'Send link');
	await expect(page.getByText(`We sent a link to ${email}`).first()).toBeVisible();
});
