import { expect, test, visit } from './fixtures.ts';
import { ageProof, newEmail, newPerson, PASSWORD, press } from './people.ts';
import { agree, comeBy, connect, connections, dialog, disconnect, inDialog, isSignedIn } from './provider.ts';

const NEW_PASSWORD = 'patient-umbrella-17';

test('an old session is asked for the password, and goes on to the provider', async ({ page }) => {
	const email = await newPerson(page);
	await ageProof(email);
	await visit(page, '/account/connections');
	await press(page, 'Connect Google');
	await expect(dialog(page)).toContainText('Confirm that it is you');
	await expect(dialog(page).getByLabel('Password')).toBeFocused();
	await dialog(page).getByLabel('Password').fill('not-my-password');
	await inDialog(page, 'Confirm');
	await expect(dialog(page).getByLabel('Password')).toHaveAccessibleDescription(/not your password/);
	await dialog(page).getByLabel('Password').fill(PASSWORD);
	await inDialog(page, 'Confirm');
	await agree(page, { email });
	await expect(page.getByRole('status')).toContainText('Google is connected');
});

test('an old session is confirmed by a provider, and goes on to the other one', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login?redirectTo=%2Faccount%2Fconnections');
	await isSignedIn(page);
	await ageProof(email);
	await press(page, 'Connect GitHub');
	await expect(dialog(page).getByLabel('Password')).toBeHidden();
	await dialog(page).getByRole('link', { name: 'Confirm with Google' }).click();
	await agree(page, { email });
	await expect(page.getByRole('heading', { name: 'Local GitHub' })).toBeVisible();
	await agree(page, { email });
	await expect(page.getByRole('status')).toContainText('GitHub is connected');
	expect(await connections(page)).toEqual(['google', 'github']);
});

test('somebody else at the provider confirms nothing', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login?redirectTo=%2Faccount%2Fconnections');
	await isSignedIn(page);
	await ageProof(email);
	await press(page, 'Connect GitHub');
	await dialog(page).getByRole('link', { name: 'Confirm with Google' }).click();
	await agree(page, { email: newEmail('other') });
	await expect(page).toHaveURL(/\/account\/connections\?error=oauth_other_person$/);
	await expect(page.getByRole('alert')).toContainText('choose the account there that is connected here');
	expect(await connections(page)).toEqual(['google']);
});

test('an old session disconnects after the password; giving up changes nothing', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account/connections');
	await connect(page, 'Google', email);
	await ageProof(email);
	await disconnect(page, 'Google');
	await expect(dialog(page)).toContainText('Confirm that it is you');
	await page.keyboard.press('Escape');
	await expect(dialog(page)).toContainText('Please confirm that it is you');
	expect(await connections(page)).toEqual(['google']);

	await inDialog(page, 'Disconnect Google');
	await dialog(page).getByLabel('Password').fill(PASSWORD);
	await inDialog(page, 'Confirm');
	await expect(page.getByText('Google is disconnected.')).toBeVisible();
	expect(await connections(page)).toEqual([]);
});

test('somebody without a password sets one on the page of security, after an old session too', async ({ page }) => {
	const email = newEmail();
	await comeBy(page, 'Google', { email }, '/login?redirectTo=%2Faccount%2Fsecurity');
	await isSignedIn(page);
	await ageProof(email);
	await expect(page.getByLabel('Current password')).toBeHidden();
	await page.getByLabel('New password').fill(NEW_PASSWORD);
	await press(page, 'Set password');
	await dialog(page).getByRole('link', { name: 'Confirm with Google' }).click();
	await agree(page, { email });
	await expect(page).toHaveURL(/\/account\/security$/);
	await isSignedIn(page);
	await page.getByLabel('New password').fill(NEW_PASSWORD);
	await press(page, 'Set password');
	await expect(page.getByText('Your password is set.')).toBeVisible();
	await expect(page.getByLabel('Current password')).toBeVisible();
});
