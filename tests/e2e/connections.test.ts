import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastMail } from './mail.ts';
import { ask, call, newEmail, newPerson, press, signedOutPerson, signIn, signOut } from './people.ts';
import { agree, comeBy, connect, connections, dialog, disconnect, inDialog, isSignedIn } from './provider.ts';

const NEW_PASSWORD = 'patient-umbrella-17';

test('two providers are connected and disconnected, and each change sends a mail', async ({ page }) => {
	const email = await newPerson(page);
	const elsewhere = newEmail('elsewhere');
	await visit(page, '/orgs');
	await page.getByRole('link', { name: 'Connections' }).click();
	await expect(page).toHaveTitle(/^Connections · /);
	await connect(page, 'Google', elsewhere);
	await expect(page.getByRole('main')).toContainText(elsewhere);
	await lastMail(email, /^Google was connected/);
	await connect(page, 'GitHub', elsewhere);
	expect(await connections(page)).toEqual(['google', 'github']);

	await disconnect(page, 'Google');
	await expect(page.getByText('Google is disconnected.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Connect Google', exact: true })).toBeVisible();
	await lastMail(email, /^Google was disconnected/);
	expect(await connections(page)).toEqual(['github']);

	await signOut(page);
	await comeBy(page, 'GitHub', { email: elsewhere });
	await isSignedIn(page);
	expect((await ask<{ user: { email: string } }>(page.request, 'auth.me')).user.email).toBe(email);
});

test('a connection whose address the provider does not vouch for shows none', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account/connections');
	await press(page, 'Connect Google');
	await agree(page, { email, isVerified: false });
	await expect(page.getByRole('status').filter({ hasText: 'Google is connected' })).toBeVisible();
	await expect(page.getByRole('main')).toContainText('No verified address');
	await expect(page.getByRole('main')).not.toContainText(email);
});

test('an address alone sets out for nothing', async ({ page }) => {
	await newPerson(page);
	await visit(page, '/account/connections?proven');
	await expect(page.getByRole('button', { name: 'Connect Google' })).toBeVisible();
	await visit(page, '/account/connections?connected=google');
	await expect(page.getByRole('status')).toBeHidden();
});

test('the last way in stays until a password is set, right there', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login?redirectTo=%2Faccount%2Fconnections');
	await isSignedIn(page);
	await press(page, 'Disconnect Google');
	await expect(dialog(page)).toContainText('only way to sign in');
	await dialog(page).getByLabel('New password').fill('short');
	await inDialog(page, 'Set password');
	await expect(dialog(page)).toContainText('Use at least 12 characters.');
	await dialog(page).getByLabel('New password').fill(NEW_PASSWORD);
	await inDialog(page, 'Set password');
	await expect(page.getByText('Your password is set.')).toBeVisible();
	await inDialog(page, 'Disconnect Google');
	await expect(page.getByText('Google is disconnected.')).toBeVisible();
	await signOut(page);
	await signIn(page, email, NEW_PASSWORD);
	await isSignedIn(page);
});

test('a page that does not know of the last way yet learns it from the refusal', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login?redirectTo=%2Faccount%2Fconnections');
	await isSignedIn(page);
	await connect(page, 'GitHub', email);
	await call(page.request, 'account.unlink', { provider: 'google' });
	await disconnect(page, 'GitHub');
	await expect(dialog(page)).toContainText('Set a password first');
	expect(await connections(page)).toEqual(['github']);
});

test('an identity of somebody else stays theirs, and one is told', async ({ page, otherBrowser }) => {
	const owner = await otherBrowser();
	const email = newEmail('owner');
	await comeBy(owner, 'Google', { email });
	await isSignedIn(owner);
	await newPerson(page);
	await visit(page, '/account/connections');
	await press(page, 'Connect Google');
	await agree(page, { email });
	await expect(page).toHaveURL(/\/account\/connections\?error=conflict$/);
	await expect(page.getByRole('alert')).toContainText('connected to another account');
	expect(await connections(page)).toEqual([]);
});

test('signed out on the way, a connection is not made', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account/connections');
	await press(page, 'Connect Google');
	await expect(page.getByRole('heading', { name: /^Local/ })).toBeVisible();
	await query('delete from session using "user" u where u.id = user_id and u.email = $1', [email]);
	await agree(page, { email });
	await expect(page).toHaveURL(/\/login\?error=oauth_invalid_state$/);
	const other = await signedOutPerson(page);
	await visit(page, '/login');
	await signIn(page, other);
	await isSignedIn(page);
	expect(await connections(page)).toEqual([]);
});
