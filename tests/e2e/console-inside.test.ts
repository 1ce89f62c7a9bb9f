import type { Page } from 'playwright/test';
import { examine, onPhone } from './axe.ts';
import { expect, test, visit } from './fixtures.ts';
import { ask, call, firstOrg, newOperator, newPerson, press, signOut } from './people.ts';

/** Somebody who needs help, and their organisation. */
async function newCustomer(page: Page) {
	const email = await newPerson(page, { firstName: 'Ada', lastName: 'Lovelace' });
	const { user } = await ask<{ user: { id: string } }>(page.request, 'auth.me');
	return { page, email, id: user.id, org: (await firstOrg(page)).slug };
}

const banner = (page: Page) => page.getByRole('region', { name: 'Support' });

/** Begins to act as a member of an organisation, from its page in the console. */
async function actAs(page: Page, { org }: { org: string }): Promise<void> {
	await visit(page, `/admin/orgs/${org}`);
	await press(page, 'Actions for Ada Lovelace');
	await page.getByRole('menuitem', { name: 'Act as Ada Lovelace' }).click();
	const dialog = page.getByRole('dialog', { name: 'Act as Ada Lovelace?' });
	await dialog.getByLabel('Reason').fill('Ticket 42: cannot see their customers');
	await dialog.getByRole('button', { name: 'Act as them' }).click();
	await expect(banner(page)).toContainText('Grace Hopper, you are acting as Ada Lovelace');
}

test('an operator acts as somebody, in both names, and goes back', async ({ page, otherBrowser }) => {
	await newOperator(page);
	const ada = await newCustomer(await otherBrowser());
	await actAs(page, ada);
	await expect(page).toHaveURL(/\/orgs$/);
	await visit(page, `/orgs/${ada.org}/settings`);
	await expect(banner(page)).toBeVisible();
	await page.getByLabel('Organization name').fill('Analytical Engines');
	await page.getByRole('button', { name: 'Save' }).first().click();
	await expect(page.getByText('Analytical Engines').first()).toBeVisible();
	await visit(page, '/');
	await expect(banner(page)).toBeVisible();
	await visit(page, '/account/security');
	await expect(banner(page)).toContainText(ada.email);

	const refused = await page.request.post('/account/avatar', {
		multipart: { avatar: { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('nothing') } },
		headers: { 'X-CSRF-Token': (await ask<{ csrfToken: string }>(page.request, 'auth.me')).csrfToken }
	});
	expect(refused.status()).toBe(403);
	expect((await page.goto('/admin/orgs'))?.status()).toBe(404);

	await visit(page, '/todos');
	await press(page, 'Stop acting as them');
	await expect(page).toHaveURL(new RegExp(`/admin/users/${ada.id}$`));
	await expect(banner(page)).toBeHidden();
	expect(await ask(page.request, 'auth.me')).toMatchObject({ user: { firstName: 'Grace' }, impersonator: null });

	await visit(ada.page, `/orgs/${ada.org}/audit`);
	await expect(ada.page.getByText('(by support: Grace Hopper)')).toBeVisible();
	await visit(ada.page, '/account/activity');
	await expect(ada.page.getByText('Signed in to your account to help (by support: Grace Hopper)')).toBeVisible();
	await visit(page, '/admin/log');
	await expect(
		page.getByText('began to act as Ada Lovelace: Ticket 42: cannot see their customers').first()
	).toBeVisible();
});

test('the person sees who is there, and can end it; the operator’s page leaves for a sign-in', async ({
	page,
	otherBrowser
}) => {
	await newOperator(page);
	const ada = await newCustomer(await otherBrowser());
	await actAs(page, ada);
	await visit(page, '/todos');
	await visit(ada.page, '/account/sessions');
	await ada.page.getByRole('button', { name: 'Sign out Support (Grace Hopper)' }).click();
	await expect(ada.page.getByText('Support (Grace Hopper) is signed out.')).toBeVisible();
	await page.getByLabel('New todo').fill('Not mine any more');
	await press(page, 'Add');
	await expect(page).toHaveURL(/\/login\?redirectTo=%2Ftodos$/);
	await expect(banner(page)).toBeHidden();
});

test('signing out where one acts as somebody else signs the operator out', async ({ page, otherBrowser }) => {
	await newOperator(page);
	const ada = await newCustomer(await otherBrowser());
	await actAs(page, ada);
	await visit(page, '/todos');
	await signOut(page);
	expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('operator');
	expect(await ask(page.request, 'auth.session')).toBeNull();
	expect(await ask(ada.page.request, 'auth.session')).not.toBeNull();
});

test('a change without the token of the lent session is refused, and its cookies are out of reach', async ({
	page,
	otherBrowser
}) => {
	await newOperator(page);
	const ada = await newCustomer(await otherBrowser());
	const before = await ask<{ csrfToken: string }>(page.request, 'auth.me');
	await call(page.request, 'admin.impersonate', { userId: ada.id, reason: 'A ticket' });
	for (const token of ['', before.csrfToken]) {
		for (const path of ['todos.create', 'admin.stopImpersonating']) {
			const headers = { 'X-CSRF-Token': token };
			const response = await page.request.post(`/trpc/${path}`, { data: { title: 'Forged' }, headers });
			expect(response.status()).toBe(403);
		}
	}
	const lent = (await page.context().cookies()).filter(({ name }) => ['session_id', 'operator'].includes(name));
	expect(lent).toHaveLength(2);
	for (const { httpOnly, expires } of lent) {
		expect(httpOnly).toBe(true);
		expect(expires - Date.now() / 1000).toBeLessThanOrEqual(30 * 60 + 1);
	}
});

onPhone(() => {
	test('acting as somebody', async ({ page, otherBrowser }) => {
		await newOperator(page);
		const ada = await newCustomer(await otherBrowser());
		await visit(page, `/admin/orgs/${ada.org}`);
		await press(page, 'Actions for Ada Lovelace');
		await page.getByRole('menuitem', { name: 'Act as Ada Lovelace' }).click();
		await expect(page.getByLabel('Reason')).toBeVisible();
		await examine(page, 'the dialog to act as somebody');
		await call(page.request, 'admin.impersonate', { userId: ada.id, reason: 'A ticket' });
		for (const path of ['/todos', '/', `/orgs/${ada.org}`]) {
			await page.goto(path);
			await expect(banner(page)).toBeVisible();
			await examine(page, `${path}, acting as somebody`);
		}
	});
});
