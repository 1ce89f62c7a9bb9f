import { expect, test, visit } from './fixtures.ts';
import { query } from './database.ts';
import { call, firstOrg, newPerson } from './people.ts';

test('what happened in an organization is told in sentences, and exported', async ({ page }) => {
	await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	const { slug: org } = await firstOrg(page);
	await call(page.request, 'customers.create', { org, name: 'Grace Hopper', email: 'grace@example.com' });
	await call(page.request, 'orgs.update', { org, name: 'Engines' });
	await visit(page, `/orgs/${org}/audit`);
	await expect(page.getByRole('main')).toContainText(/Ada Admin.*Grace Hopper/);
	await page.getByLabel('Action').selectOption({ value: 'org.updated' });
	await expect(page.getByRole('main')).not.toContainText('Grace Hopper');
	await expect(page.getByRole('main')).toContainText('Engines');
	await expect(page).toHaveURL(/action=org\.updated/);
	const path = `/orgs/${org}/audit.csv?action=customer.created`;
	expect((await page.request.get(path)).status()).toBe(403);
	await expect(page.getByRole('main')).toContainText('not part of your plan');
	await query("update org set tier = 'pro' where slug = $1", [org]);
	await page.reload();
	await expect(page.getByRole('link', { name: 'Export CSV' })).toBeVisible();
	const csv = await page.request.get(path);
	expect(csv.headers()['content-type']).toMatch(/^text\/csv/);
	expect(await csv.text()).toContain('Grace Hopper');
	expect(await csv.text()).not.toContain('Engines');
	await visit(page, '/account/activity');
	await expect(page.getByRole('main')).toContainText(/signed in/i);
});
