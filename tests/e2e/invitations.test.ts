import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail } from './mail.ts';
import { call, firstOrg, invite, newEmail, newPerson, PASSWORD, press, signIn, signUp } from './people.ts';

/** An administrator's browser, and the organisation that is theirs. */
async function admin(otherBrowser: () => Promise<Page>) {
	const page = await otherBrowser();
	const email = await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	return { page, email, org: await firstOrg(page) };
}

const isIn = async (page: Page, slug: string) => {
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
};

test('an admin invites from the members page, and a new person joins by the link', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await admin(otherBrowser);
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
	const { page: adminPage, org } = await admin(otherBrowser);
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
	const { page: adminPage, org } = await admin(otherBrowser);
	const email = await newPerson(page);
	await call(adminPage.request, 'invitations.create', { org: org.slug, email: email.toUpperCase(), role: 'member' });
	await visit(page, await lastLink('invite', email));
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});

test('somebody signed out signs in first and comes back', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await admin(otherBrowser);
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
	const { page: adminPage, org } = await admin(otherBrowser);
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
	const { page: adminPage, org } = await admin(otherBrowser);
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

test('an admin sends an invitation again, and revokes one', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await admin(otherBrowser);
	const email = newEmail('again');
	const first = await invite(adminPage, org.slug, email);
	await visit(adminPage, `/orgs/${org.slug}/invitations`);
	const act = async (name: RegExp) => {
		await adminPage.getByRole('row').filter({ hasText: email }).getByRole('button').click();
		await adminPage.getByRole('menuitem', { name }).click();
	};
	await act(/again|resend/i);
	await expect.poll(() => lastLink('invite', email)).not.toBe(first);
	expect((await visit(page, first)).status()).toBe(404);
	const second = await lastLink('invite', email);
	expect((await visit(page, second)).status()).toBe(200);
	await act(/revoke/i);
	await adminPage
		.getByRole('dialog')
		.getByRole('button', { name: /revoke/i })
		.click();
	await expect(adminPage.getByRole('row').filter({ hasText: email })).toBeHidden();
	expect((await visit(page, second)).status()).toBe(404);
});

test('many are invited at once, and each address has its outcome', async ({ otherBrowser }) => {
	const { page, email, org } = await admin(otherBrowser);
	const fresh = newEmail('bulk');
	await visit(page, `/orgs/${org.slug}/invitations`);
	await press(page, 'Invite many');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Addresses').fill(`${fresh}, ${email}\nnobody`);
	await dialog.getByRole('button', { name: 'Send invitations' }).click();
	await expect(dialog).toContainText(/invited/i);
	await expect(dialog).toContainText(/member/i);
	await expect(dialog).toContainText('nobody');
	await lastLink('invite', fresh);
});

test('declining ends the link and tells the inviter', async ({ page, otherBrowser }) => {
	const { page: adminPage, email: inviter, org } = await admin(otherBrowser);
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
	const { page: adminPage, org } = await admin(otherBrowser);
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

test('the inviter who lost the role: refused in words, and another admin sends it again', async ({
	page,
	otherBrowser
}) => {
	const { page: founder, org } = await admin(otherBrowser);
	const second = await otherBrowser();
	await newPerson(second);
	const inviter = await otherBrowser();
	const inviterEmail = await newPerson(inviter);
	await visit(inviter, await invite(founder, org.slug, inviterEmail, 'org_admin'));
	await press(inviter, 'Accept invitation');
	await isIn(inviter, org.slug);

	const email = await newPerson(page);
	const link = await invite(inviter, org.slug, email);
	await call(inviter.request, 'members.leave', { org: org.slug });
	await visit(page, link);
	await press(page, 'Accept invitation');
	await expect(page.getByRole('alert')).toBeVisible();
	await visit(founder, `/orgs/${org.slug}/invitations`);
	await expect(founder.getByRole('row').filter({ hasText: email })).toContainText('Inviter gone');
	await founder.getByRole('row').filter({ hasText: email }).getByRole('button').click();
	await founder.getByRole('menuitem', { name: /again|resend/i }).click();
	await expect.poll(() => lastLink('invite', email)).not.toBe(link);
	await visit(page, await lastLink('invite', email));
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});
