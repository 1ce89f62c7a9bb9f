import { expect, reload, test, visit } from './fixtures.ts';
import { firstOrg, invite, newPerson, press } from './people.ts';

test('an organization is created, renamed, moved and deleted, and the old address leads on', async ({ page }) => {
	await newPerson(page);
	await visit(page, '/orgs/new');
	await page.getByLabel('Organization name').fill('http://evil.example');
	await press(page, 'Create organization');
	await expect(page.getByLabel('Organization name')).toHaveAttribute('aria-invalid', 'true');
	const unique = Math.random().toString(36).slice(2, 10);
	await page.getByLabel('Organization name').fill(`Lovelace ${unique}`);
	await press(page, 'Create organization');
	const slug = `lovelace-${unique}`;
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));

	await page.getByRole('link', { name: 'Settings' }).click();
	await page.getByLabel('Organization name').fill('Engines');
	await press(page, 'Save');
	await expect(page.getByRole('button', { name: 'Switch organization, now Engines' })).toBeVisible();
	await page.getByLabel(/address|slug/i).fill(`engines-${unique}`);
	await press(page, 'Change address');
	await expect(page).toHaveURL(new RegExp(`/orgs/engines-${unique}/settings$`));

	for (const odd of ['a%09b', 'Ada%E2%80%8B', '%F0%9D%85%9E'.repeat(200)]) {
		expect((await page.goto(`/orgs/engines-${unique}/members?q=${odd}`))!.status()).toBe(200);
	}
	await visit(page, `/orgs/${slug}/members?q=a`);
	await expect(page).toHaveURL(new RegExp(`/orgs/engines-${unique}/members\\?q=a$`));

	await visit(page, `/orgs/engines-${unique}/settings`);
	await press(page, 'Delete organization');
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('textbox').fill('something else');
	await dialog.getByRole('button', { name: 'Delete organization' }).click();
	await expect(dialog).toBeVisible();
	await dialog.getByRole('textbox').fill(`engines-${unique}`);
	await dialog.getByRole('button', { name: 'Delete organization' }).click();
	await expect(page).toHaveURL(/\/orgs$/);
	await expect(page.getByRole('main')).not.toContainText('Engines');
	expect((await page.goto(`/orgs/engines-${unique}`))!.status()).toBe(404);
});

test('a role acts on the very next look, and the last admin stays', async ({ page, otherBrowser }) => {
	await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	const { slug } = await firstOrg(page);
	const member = await otherBrowser();
	const email = await newPerson(member);
	await visit(member, await invite(page, slug, email, 'member'));
	await press(member, 'Accept invitation');
	await expect(member).toHaveURL(new RegExp(`/orgs/${slug}$`));
	await visit(member, `/orgs/${slug}/customers`);
	await expect(member.getByRole('button', { name: 'Add customer' })).toBeVisible();

	await visit(page, `/orgs/${slug}/members`);
	const row = page.getByRole('row').filter({ hasText: email });
	await row.getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Change role' }).click();
	await page.getByRole('dialog').getByLabel('Role').selectOption({ label: 'Read only' });
	await press(page, 'Save');
	await expect(row).toContainText('Read only');
	await reload(member);
	await expect(member.getByRole('heading', { level: 1 })).toHaveText('Customers');
	await expect(member.getByRole('button', { name: 'Add customer' })).toBeHidden();

	await press(page, 'Leave organization');
	await page.getByRole('dialog').getByRole('button', { name: 'Leave organization' }).click();
	await expect(page.getByRole('dialog').getByRole('alert')).toContainText(/admin/);
	await page.keyboard.press('Escape');

	await row.getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Remove' }).click();
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /remove/i })
		.click();
	await expect(row).toBeHidden();
	expect((await member.goto(`/orgs/${slug}/customers`))!.status()).toBe(404);
});

test('the switcher remembers the organization one was in last', async ({ page, otherBrowser }) => {
	const inviter = await otherBrowser();
	await newPerson(inviter, { firstName: 'Zoe', lastName: 'Zeta' });
	const { slug, name } = await firstOrg(inviter);
	const email = await newPerson(page, { firstName: 'Abe', lastName: 'Alpha' });
	await visit(page, await invite(inviter, slug, email));
	await press(page, 'Accept invitation');
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));
	await visit(page, '/account');
	await expect(page.getByRole('button', { name: `Switch organization, now ${name}` })).toBeVisible();
});
