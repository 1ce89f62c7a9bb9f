import { DEMO_PEOPLE } from '../../db/demo.ts';
import { expect, test, visit } from './fixtures.ts';
import { call, newEmail, PASSWORD } from './people.ts';
import { lastLink } from './mail.ts';

for (const { name, email, org } of DEMO_PEOPLE) {
	test(`one click, and one is ${name}`, async ({ page }) => {
		await visit(page, '/dev');
		await page.getByRole('button', { name: email }).click();
		await expect(page).toHaveURL(/\/orgs/);
		await visit(page, `/orgs/${org}`);
		await page.getByRole('button', { name: 'Account menu' }).click();
		await expect(page.getByRole('menu')).toContainText(name);
		await expect(page.getByRole('menu')).toContainText(email);
	});
}

test('the access table stands as the routers have it', async ({ page }) => {
	await visit(page, '/dev');
	const row = (path: string) => page.getByRole('row').filter({ has: page.getByText(path, { exact: true }) });
	await expect(row('orgs.get')).toContainText('org.read');
	await expect(row('admin.orgs.get')).toContainText('sys_admin');
	await expect(row('auth.login')).toContainText('public');
});

test('a mail is shown as it looks, and its link is followed', async ({ page }) => {
	const email = newEmail();
	await call(page.request, 'auth.signup', { email, password: PASSWORD });
	const link = await lastLink('verify', email);
	await visit(page, '/dev/mail');
	const entry = page.getByRole('listitem').filter({ has: page.getByText(email, { exact: true }) });
	const frame = entry.frameLocator('iframe');
	if (!(await entry.locator('iframe').isVisible())) await entry.locator('summary').click();
	await expect(entry).toContainText(link);
	await frame.getByRole('link', { name: 'Verify email' }).click();
	await expect(page).toHaveURL(new RegExp(`${link}$`));
	await expect(page.getByRole('button', { name: 'Verify email' })).toBeVisible();
});

test('a mail cannot run scripts or reach out', async ({ page }) => {
	const email = newEmail();
	await call(page.request, 'auth.signup', { email, password: PASSWORD });
	await lastLink('verify', email);
	const [{ id }] = (await (await page.request.get(`/dev/mail.json?to=${email}`)).json()) as [{ id: string }];
	const response = await page.request.get(`/dev/mail/${id}`);
	expect(response.headers()['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
	expect(response.headers()['content-security-policy']).not.toContain('allow-scripts');
});
