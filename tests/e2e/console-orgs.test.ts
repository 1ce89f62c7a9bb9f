import type { Page } from 'playwright/test';
import { examine, onPhone } from './axe.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink } from './mail.ts';
import { ageProof, call, firstOrg, newEmail, newOperator, newPerson, PASSWORD, press } from './people.ts';

/** Chooses what to do to the organisation of a page. */
async function choose(page: Page, act: string): Promise<void> {
	await press(page, 'Actions for this organization');
	await page.getByRole('menuitem', { name: act }).click();
}

test('an operator founds an organization for others, finds it and changes it', async ({ page }) => {
	await newOperator(page);
	const [name, admin] = [`Engines ${crypto.randomUUID().slice(0, 8)}`, newEmail()];
	await visit(page, '/admin/orgs');
	await press(page, 'Create organization');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Organization name').fill(name);
	await dialog.getByLabel("Admin's email").fill(admin);
	await dialog.getByRole('button', { name: 'Create organization' }).click();
	await expect(page.getByRole('heading', { name })).toBeVisible();
	await lastLink('invite', admin);

	await page.getByRole('link', { name: 'Organizations' }).first().click();
	await page.getByLabel('Search').fill(name.toUpperCase());
	await expect(page.getByText('1 organization', { exact: true })).toBeVisible();
	await page.getByRole('main').getByRole('link', { name }).click();

	await choose(page, 'Rename');
	await dialog.getByLabel('Organization name').fill(`${name} Inc`);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('heading', { name: `${name} Inc` })).toBeVisible();
	await choose(page, 'Change plan');
	await dialog.getByLabel('Plan').selectOption('Pro');
	await dialog.getByRole('button', { name: 'Change plan' }).click();
	await expect(page.getByText(/is on the Pro plan/)).toBeVisible();
	await choose(page, 'Grant credits');
	await dialog.getByLabel('AI tokens').fill('5000');
	await dialog.getByLabel('Reason').fill('A gift');
	await dialog.getByRole('button', { name: 'Grant credits' }).click();
	await expect(page.getByText('5,000 AI tokens', { exact: true })).toBeVisible();
	await expect(page.getByText(/granted .* credits of 5,000 AI tokens: A gift/)).toBeVisible();
});

test('a suspended organization tells its people so, and opens again', async ({ page, otherBrowser }) => {
	const operator = await newOperator(page);
	const member = await otherBrowser();
	await newPerson(member);
	const { slug, name } = await firstOrg(member);
	await visit(member, `/orgs/${slug}/customers`);
	await ageProof(operator);
	await visit(page, `/admin/orgs/${slug}`);
	await choose(page, 'Suspend');
	const dialog = page.getByRole('dialog', { name: `Suspend ${name}?` });
	await dialog.getByLabel('Reason').fill('Unpaid for three months');
	await dialog.getByRole('button', { name: 'Suspend organization' }).click();
	const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
	await proof.getByLabel('Password').fill(PASSWORD);
	await proof.getByRole('button', { name: 'Confirm', exact: true }).click();
	await expect(page.getByText('It opens for none of its people')).toContainText('Unpaid for three months');

	for (const path of [`/orgs/${slug}`, `/orgs/${slug}/members`]) {
		expect((await member.goto(path))?.status()).toBe(403);
		await expect(member.getByRole('heading', { name: 'This is closed for now' })).toBeVisible();
		await expect(member.getByText('This organization is suspended. Please contact support.')).toBeVisible();
		await expect(member.getByText('Unpaid')).toBeHidden();
	}
	await examine(member, 'a page of a suspended organization');
	await member.getByRole('link', { name: 'Your organizations' }).click();
	await expect(member).toHaveURL(/\/orgs$/);

	await choose(page, 'Lift suspension');
	await page.getByRole('dialog').getByRole('button', { name: 'Lift suspension' }).click();
	await expect(page.getByText('is open again.')).toBeVisible();
	expect((await member.goto(`/orgs/${slug}`))?.status()).toBe(200);
});

test('the console’s pages of organizations are there for nobody else', async ({ page }) => {
	await newPerson(page);
	const { slug } = await firstOrg(page);
	for (const path of ['/admin/orgs', `/admin/orgs/${slug}`, `/%61dmin/orgs`, `/admin/orgs/${slug}/__data.json`]) {
		expect((await page.request.get(path)).status(), path).toBe(404);
	}
});

onPhone(() => {
	test('the organizations of the console', async ({ page, otherBrowser }) => {
		await newOperator(page);
		const other = await otherBrowser();
		await newPerson(other, { firstName: 'Ada', lastName: 'Lovelace' });
		const { slug } = await firstOrg(other);
		for (const path of ['/admin/orgs', '/admin/orgs?q=nobody-is-called-so', `/admin/orgs/${slug}`]) {
			await visit(page, path);
			await examine(page, path);
		}
		for (const act of ['Rename', 'Change plan', 'Grant credits', 'Invite an admin', 'Suspend']) {
			await choose(page, act);
			await expect(page.getByRole('dialog')).toBeVisible();
			await examine(page, `the dialog: ${act}`);
			await page.keyboard.press('Escape');
			await expect(page.getByRole('dialog')).toBeHidden();
		}
		await call(page.request, 'admin.orgs.suspend', { org: slug, reason: 'Unpaid for three months' });
		await visit(page, `/admin/orgs/${slug}`);
		await examine(page, 'an organization that is suspended');
	});
});
