import { expect, test, visit } from './fixtures.ts';
import { call, firstOrg, newEmail, newPerson, press } from './people.ts';

test('the reference is read by anybody, and tells of every operation', async ({ page }) => {
	await visit(page, '/api/docs');
	const { paths } = (await (await page.request.get('/api/openapi.json')).json()) as { paths: Record<string, object> };
	const count = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
	await expect(page.getByRole('article')).toHaveCount(count);
	const list = page.getByRole('article', { name: 'List customers' });
	await expect(list).toContainText('GET');
	await expect(list).toContainText('/api/v1/orgs/{org}/customers');
	await expect(list.getByRole('group', { name: 'Request' })).toContainText('Authorization: Bearer');
	await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Delete a customer' }).click();
	await expect(page.getByRole('article', { name: 'Delete a customer' })).toBeInViewport();
});

test('whoever is signed in tries a call, and sees what is answered', async ({ page }) => {
	await newPerson(page);
	const { slug } = await firstOrg(page);
	await visit(page, '/api/docs');
	const add = page.getByRole('article', { name: 'Add a customer' });
	await press(page, 'Try it: Add a customer');
	await add.getByLabel('org', { exact: true }).fill(slug);
	const email = newEmail();
	await add.getByLabel('Body').fill(JSON.stringify({ name: 'Ada', email }));
	await add.getByRole('button', { name: 'Send' }).click();
	const answered = add.getByRole('group', { name: 'What was answered' });
	await expect(answered).toContainText(email);
	await expect(answered).toContainText(`location: /api/v1/orgs/${slug}/customers/`);
	await expect(add.getByText('201', { exact: true })).toBeVisible();

	await press(page, 'Try it: List customers');
	const list = page.getByRole('article', { name: 'List customers' });
	await list.getByLabel('q', { exact: true }).fill('ada');
	await list.getByRole('button', { name: 'Send' }).click();
	await expect(list.getByRole('group', { name: 'What was answered' })).toContainText(email);
});

test('a key is tried without the cookies of whoever is signed in', async ({ page }) => {
	await newPerson(page);
	const { slug: org } = await firstOrg(page);
	const { key } = await call<{ key: string }>(page.request, 'apiKeys.create', { org, name: 'Robot', role: 'readonly' });
	await visit(page, '/api/docs');
	await press(page, 'Try it: Get who is asking');
	const me = page.getByRole('article', { name: 'Get who is asking' });
	await me.getByLabel('API key').fill(key);
	await me.getByRole('button', { name: 'Send' }).click();
	const answered = me.getByRole('group', { name: 'What was answered' });
	await expect(answered).toContainText('"name": "Robot"');
	await expect(answered).toContainText('x-ratelimit-remaining: ');

	await press(page, 'Try it: Add a customer');
	const add = page.getByRole('article', { name: 'Add a customer' });
	await expect(add.getByLabel('API key')).toHaveValue(key);
	await add.getByLabel('org', { exact: true }).fill(org);
	await add.getByRole('button', { name: 'Send' }).click();
	await expect(add.getByRole('group', { name: 'What was answered' })).toContainText('"reason": "forbidden"');
});
