import type { Page } from 'playwright/test';
import { DESK, examine, examineHere, onPhone } from './axe.ts';
import { expect, test, visit } from './fixtures.ts';
import { privatePages } from './pages.ts';
import { call, csrf, firstOrg, invite, newEmail, newPerson, press } from './people.ts';

onPhone(() => {
	test('the pages of an organization that is at work', async ({ page }) => {
		const org = await workingOrg(page);
		const key = await call<{ id: string }>(page.request, 'apiKeys.create', { org, name: 'Robot', role: 'member' });
		for (const path of privatePages(org, key.id)) {
			await page.goto(path);
			await examine(page, `${path}, filled`);
		}
	});

	test('the days of use, drawn and as a table', async ({ page }) => {
		const org = await workingOrg(page);
		await page.goto(`/orgs/${org}/usage`, { waitUntil: 'networkidle' });
		await page.getByText('The same as a table').click();
		await examine(page, 'the days of use');
	});

	test('what opens on the pages of an organization', async ({ page }) => {
		const org = await workingOrg(page);
		const cookies = await page.context().cookies();
		await visit(page, `/orgs/${org}/customers`);
		await press(page, 'Add customer');
		await examine(page, 'the dialog of a customer');
		await page.context().clearCookies({ name: 'session_id' });
		await press(page, 'Save');
		await expect(page.getByRole('dialog').getByLabel('Password')).toBeVisible();
		await examine(page, 'the dialog that asks for a sign-in again');
		await page.context().addCookies(cookies);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await press(page, 'Actions for Customer 0');
		await examineHere(page, 'the menu of a card');
		await page.keyboard.press('Escape');
		await page.setViewportSize(DESK);
		await press(page, 'Actions for Customer 0');
		await examineHere(page, 'the menu of a row');
		await page.keyboard.press('Escape');
		await press(page, 'Import');
		await examine(page, 'the dialog of an import');
		await visit(page, `/orgs/${org}/settings`);
		await page.getByRole('switch', { name: 'Overage' }).click();
		await expect(page.getByRole('button', { name: 'Save limit' })).toBeVisible();
		await examine(page, 'overage');
		await press(page, 'Delete organization');
		await examine(page, 'the dialog that deletes');
	});
});

/** Somebody with an organisation that has a second page of customers, a todo and an invitation. */
async function workingOrg(page: Page): Promise<string> {
	await newPerson(page, { firstName: 'Ada', lastName: 'Lovelace' });
	const { slug } = await firstOrg(page);
	const lines = Array.from({ length: 26 }, (_, nth) => `Customer ${nth},customer-${nth}@example.com,+1 555 0100`);
	const buffer = Buffer.from(['name,email,phone', ...lines].join('\n'));
	const imported = await page.request.post(`/orgs/${slug}/customers/import`, {
		multipart: { file: { name: 'customers.csv', mimeType: 'text/csv', buffer } },
		headers: await csrf(page.request)
	});
	expect(imported.status()).toBe(200);
	await call(page.request, 'todos.create', { title: 'Look at every page' });
	await invite(page, slug, newEmail());
	return slug;
}
