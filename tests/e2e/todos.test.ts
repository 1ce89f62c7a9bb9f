import { expect, reload, test, visit } from './fixtures.ts';
import { call, firstOrg, newPerson, press } from './people.ts';

test('todos are one’s own: added, done, renamed and deleted', async ({ page, otherBrowser }) => {
	await newPerson(page);
	await visit(page, '/todos');
	for (const title of ['Write the tests', 'Ship on Friday']) {
		await page.getByLabel('New todo').fill(title);
		await press(page, 'Add');
		await expect(page.getByRole('checkbox', { name: title })).toBeVisible();
	}
	await page.getByRole('checkbox', { name: 'Write the tests' }).check();
	await reload(page);
	await expect(page.getByRole('checkbox', { name: 'Write the tests' })).toBeChecked();
	await expect(page.getByRole('checkbox', { name: 'Ship on Friday' })).not.toBeChecked();
	const other = await otherBrowser();
	await newPerson(other);
	await visit(other, '/todos');
	await expect(other.getByRole('main')).not.toContainText('Ship on Friday');
});

test('what happened in an organization is told in sentences, and exported', async ({ page }) => {
	const email = await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	const { slug: org } = await firstOrg(page);
	await call(page.request, 'customers.create', { org, name: 'Grace Hopper', email: 'grace@example.com' });
	await call(page.request, 'orgs.update', { org, name: 'Engines' });
	await visit(page, `/orgs/${org}/audit`);
	await expect(page.getByRole('main')).toContainText(/Ada Admin.*Grace Hopper/);
	await page.getByLabel('Action').selectOption({ value: 'org.updated' });
	await expect(page.getByRole('main')).not.toContainText('Grace Hopper');
	await expect(page.getByRole('main')).toContainText('Engines');
	await expect(page).toHaveURL(/action=org\.updated/);
	const csv = await page.request.get(`/orgs/${org}/audit.csv?action=customer.created`);
	expect(csv.headers()['content-type']).toMatch(/^text\/csv/);
	expect(await csv.text()).toContain('Grace Hopper');
	expect(await csv.text()).not.toContain('Engines');
	await visit(page, '/account/activity');
	await expect(page.getByRole('main')).toContainText(/signed in/i);
	expect(email).toBeTruthy();
});
