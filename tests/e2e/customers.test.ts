import type { Page } from 'playwright/test';
import { expect, reload, test, visit } from './fixtures.ts';
import { ask, call, csrf, firstOrg, newPerson, press } from './people.ts';

async function withOrg(page: Page): Promise<string> {
	await newPerson(page);
	return (await firstOrg(page)).slug;
}

const rows = (page: Page) => page.getByRole('table').getByRole('row');

test('customers are added, found, changed and deleted', async ({ page }) => {
	const org = await withOrg(page);
	await visit(page, `/orgs/${org}/customers`);
	await expect(page.getByRole('heading', { name: /no customers/i })).toBeVisible();
	for (const [name, email] of [
		['Grace Hopper', 'grace@navy.example'],
		['Alan Turing', 'alan@bletchley.example']
	]) {
		await page.getByRole('button', { name: 'Add customer' }).first().click();
		await page.getByLabel('Name', { exact: true }).fill(name!);
		await page.getByLabel('Email', { exact: true }).fill(email!);
		await press(page, 'Save');
		await expect(rows(page).filter({ hasText: name })).toBeVisible();
	}
	await page.getByRole('button', { name: 'Add customer' }).first().click();
	await page.getByLabel('Name', { exact: true }).fill('Another Grace');
	await page.getByLabel('Email', { exact: true }).fill('GRACE@navy.example');
	await press(page, 'Save');
	await expect(page.getByLabel('Email', { exact: true })).toHaveAttribute('aria-invalid', 'true');
	await page.keyboard.press('Escape');

	await page.getByLabel('Search').fill('hop');
	await expect(rows(page).filter({ hasText: 'Alan Turing' })).toBeHidden();
	await expect(page).toHaveURL(/\?q=hop$/);
	await reload(page);
	await expect(rows(page).filter({ hasText: 'Grace Hopper' })).toBeVisible();
	await expect(rows(page).filter({ hasText: 'Alan Turing' })).toBeHidden();

	await rows(page).filter({ hasText: 'Grace Hopper' }).getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Edit' }).click();
	await page.getByLabel('Phone').fill('+1 555 0100');
	await press(page, 'Save');
	await expect(rows(page).filter({ hasText: '+1 555 0100' })).toBeVisible();
	await rows(page).filter({ hasText: 'Grace Hopper' }).getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /delete/i })
		.click();
	await expect(page.getByText(/no customer/i).first()).toBeVisible();
});

test('a long list is walked page by page, and sorted by its headings', async ({ page }) => {
	const org = await withOrg(page);
	const lines = Array.from({ length: 30 }, (_, at) => `Person ${String(at).padStart(2, '0')},p${at}@example.com`);
	const file = { name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from(['name,email', ...lines].join('\n')) };
	const response = await page.request.post(`/orgs/${org}/customers/import`, {
		multipart: { file, allOrNothing: 'true' },
		headers: await csrf(page.request)
	});
	expect(response.status()).toBe(200);
	await visit(page, `/orgs/${org}/customers`);
	await expect(page.getByRole('main')).toContainText('30 customers');
	await expect(rows(page).nth(1)).toContainText('Person 00');
	await page.getByRole('link', { name: 'Next' }).click();
	await expect(rows(page).nth(1)).toContainText('Person 25');
	await page.goBack();
	await expect(rows(page).nth(1)).toContainText('Person 00');
	await page.getByRole('columnheader').getByRole('link', { name: 'Name' }).click();
	await expect(rows(page).nth(1)).toContainText('Person 29');
	await reload(page);
	await expect(rows(page).nth(1)).toContainText('Person 29');
});

test('a file is imported: progress, every bad row named, all or nothing on request', async ({ page }) => {
	const org = await withOrg(page);
	const csv = 'name,email\nAda,ada@example.com\nBad,not an address\n,missing@example.com\nAda again,ADA@example.com\n';
	const file = { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
	await visit(page, `/orgs/${org}/customers`);
	const open = async () => {
		await page.getByRole('button', { name: 'Import' }).first().click();
		await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
	};
	const dialog = page.getByRole('dialog');
	await open();
	await dialog.getByLabel(/all or nothing/i).check();
	await dialog.getByRole('button', { name: 'Import' }).click();
	await expect(dialog.getByRole('row').filter({ hasText: '3' })).toContainText(/e-mail address/);
	await expect(dialog).toContainText(/nothing/i);
	expect(await ask(page.request, 'customers.list', { org })).toMatchObject({ total: 0 });
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await open();
	await dialog.getByRole('button', { name: 'Import' }).click();
	await expect(dialog).toContainText(/1 customer/);
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await expect(rows(page).filter({ hasText: 'ada@example.com' })).toBeVisible();
	expect(await ask(page.request, 'customers.list', { org })).toMatchObject({ total: 1 });
});

test('the export is a download that holds no formula, and the import takes it back', async ({ page }) => {
	const org = await withOrg(page);
	await call(page.request, 'customers.create', { org, name: '=HYPERLINK("http://x")', email: 'f@example.com' });
	await visit(page, `/orgs/${org}/customers`);
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Export' }).click();
	expect((await download).suggestedFilename()).toContain(org);
	const exported = await page.request.get(`/orgs/${org}/customers.csv`);
	expect(exported.headers()['content-type']).toMatch(/^text\/csv/);
	expect(exported.headers()['content-disposition']).toMatch(/^attachment/);
	const text = await exported.text();
	expect(text).toContain(`'=HYPERLINK`);
	const { slug } = await call<{ slug: string }>(page.request, 'orgs.create', { name: 'Elsewhere' });
	const response = await page.request.post(`/orgs/${slug}/customers/import`, {
		multipart: { file: { name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from(text) } },
		headers: await csrf(page.request)
	});
	expect(response.status()).toBe(200);
	expect(await ask(page.request, 'customers.list', { org: slug })).toMatchObject({
		items: [{ name: '=HYPERLINK("http://x")', email: 'f@example.com' }]
	});
});

test('the doors beside the pages are closed to strangers, to readers and to forgers', async ({
	page,
	otherBrowser
}) => {
	const org = await withOrg(page);
	const file = { name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from('name,email\nAda,ada@example.com\n') };
	const path = `/orgs/${org}/customers/import`;
	expect((await page.request.post(path, { multipart: { file } })).status()).toBe(403);
	const stranger = await otherBrowser();
	const anonymous = await stranger.request.post(path, { multipart: { file }, maxRedirects: 0 });
	expect(anonymous.status()).toBe(401);
	expect((await stranger.request.get(`/orgs/${org}/customers.csv`, { maxRedirects: 0 })).status()).toBe(303);
	await newPerson(stranger);
	const headers = await csrf(stranger.request);
	expect((await stranger.request.post(path, { multipart: { file }, headers })).status()).toBe(404);
	expect((await stranger.request.get(`/orgs/${org}/customers.csv`)).status()).toBe(404);
	expect((await stranger.request.get(`/orgs/${org}/audit.csv`)).status()).toBe(404);
	expect(await ask(page.request, 'customers.list', { org })).toMatchObject({ total: 0 });
});
