import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail } from './mail.ts';
import { call, invite, isIn, newAdmin, newEmail, newPerson, PASSWORD, press, signIn, signUp } from './people.ts';

test('an admin invites from the members page, and a new person joins by the link', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = newEmail('new');
	await visit(adminPage, `/orgs/${org.slug}/members`);
	await press(adminPage, 'Invite member');
	const dialog = adminPage.getByRole('dialog');
	await dialog.getByLabel('Email').fill(email);
	await dialog.getByLabel('Role').selectOption({ label: 'Read only' });
	await dialog.getByRole('button', { name: 'Send invitation' }).click();
	await expect(dialog).toBeHidden();

	await visit(page, await lastLink('invite', email));
	await expect(page.getByRole('main')).toContainText(org.name);
	await expect(page.getByRole('main')).toContainText(email);
	await page.getByLabel('Password').fill('short');
	await press(page, 'Accept invitation');
	await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByLabel('First name').fill('Nell');
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);

	await visit(adminPage, `/orgs/${org.slug}/members`);
	await expect(adminPage.getByRole('row').filter({ hasText: email })).toContainText('Nell');
	await expect(adminPage.getByRole('row').filter({ hasText: email })).toContainText('Read only');
});

test('the invitation of somebody who signs up instead waits for them', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = newEmail('detour');
	await invite(adminPage, org.slug, email);
	await signUp(page, email);
	await visit(page, await lastLink('verify', email));
	await press(page, 'Verify email');
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await visit(page, '/orgs');
	await expect(page.getByRole('main')).toContainText(org.name);
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});

test('somebody signed in as the invited address accepts with one click, in whatever capitals', async ({
	page,
	otherBrowser
}) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = await newPerson(page);
	await call(adminPage.request, 'invitations.create', { org: org.slug, email: email.toUpperCase(), role: 'member' });
	await visit(page, await lastLink('invite', email));
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});

test('somebody signed out signs in first and comes back', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = await newPerson(page);
	await page.context().clearCookies();
	await visit(page, await invite(adminPage, org.slug, email));
	await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
	await signIn(page, email);
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});

test('somebody signed in as another is told so, switches, and the invitation is still good', async ({
	page,
	otherBrowser
}) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const invited = await newPerson(page);
	await page.context().clearCookies();
	const other = await newPerson(page, { firstName: 'Otto', lastName: 'Other' });
	await visit(page, await invite(adminPage, org.slug, invited));
	await expect(page.getByRole('main')).toContainText(other);
	await expect(page.getByRole('main')).toContainText(invited);
	await expect(page.getByRole('button', { name: 'Accept invitation' })).toBeHidden();
	await press(page, 'Switch account');
	await signIn(page, invited);
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});

test('a link that is expired, revoked, used or unknown says what to do', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const heading = page.getByRole('heading', { level: 1 });
	const late = newEmail('late');
	const link = await invite(adminPage, org.slug, late);
	await query("update invitation set expires_at = now() - interval '1 second' where email = $1", [late]);
	expect((await visit(page, link)).status()).toBe(412);
	await expect(heading).toHaveText(/expired/);

	await visit(adminPage, `/orgs/${org.slug}/invitations`);
	const row = adminPage.getByRole('row').filter({ hasText: late });
	await expect(row).toContainText('Expired');
	await call(adminPage.request, 'invitations.create', { org: org.slug, email: late, role: 'member' });
	expect((await page.goto(link))!.status()).toBe(404);

	const unknown = await page.goto(`${link.slice(0, -4)}abcd`);
	expect(unknown!.status()).toBe(404);
	await expect(page.getByRole('main')).toContainText(/ask/i);
});

test('declining ends the link and tells the inviter', async ({ page, otherBrowser }) => {
	const { page: adminPage, email: inviter, org } = await newAdmin(otherBrowser);
	const email = newEmail('no-thanks');
	const link = await invite(adminPage, org.slug, email);
	await visit(page, link);
	await press(page, 'Decline');
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /decline/i })
		.click();
	await expect(page.getByRole('main')).toContainText(/declined/i);
	await lastMail(inviter, /declined/);
	expect((await visit(page, link)).status()).toBe(404);
});

test('a mail scanner that opens the link first, with and without scripts, uses nothing up', async ({
	page,
	otherBrowser,
	browser,
	baseURL
}) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = newEmail('scanned');
	const link = await invite(adminPage, org.slug, email);
	const without = await browser.newContext({ javaScriptEnabled: false, baseURL });
	const scanner = await without.newPage();
	expect((await scanner.goto(link))!.status()).toBe(200);
	await without.close();
	await visit(await otherBrowser(), link);
	for (const method of ['HEAD', 'GET']) {
		expect((await page.request.fetch(link, { method })).status()).toBe(200);
	}
	await visit(page, link);
	await page.getByLabel('Password').fill(PASSWORD);
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});
