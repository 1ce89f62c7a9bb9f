import type { Page } from 'playwright/test';
import { test as deployed } from './deployed.ts';
import { expect, reload, test, visit } from './fixtures.ts';
import { newPerson, press } from './people.ts';

/** The color behind everything, once it has passed into that of the theme. */
const background = (page: Page) =>
	page.evaluate(async () => {
		await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
		return getComputedStyle(document.body).backgroundColor;
	});
const choose = (page: Page, theme: string) => page.getByRole('radio', { name: theme }).check({ force: true });

test('the theme that was chosen is in the first HTML, and survives a reload', async ({ page }) => {
	await visit(page, '/login');
	await choose(page, 'Light');
	const light = await background(page);
	await choose(page, 'Dark');
	const dark = await background(page);
	expect(dark).not.toBe(light);

	const html = async () => (await page.request.get('/login')).text();
	await expect.poll(html).toContain('data-theme="dark"');
	await reload(page);
	expect(await background(page)).toBe(dark);
	await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('a page has its theme already', async ({ page, context, baseURL }) => {
		await context.addCookies([{ name: 'theme', value: 'dark', url: baseURL! }]);
		await page.goto('/login');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
		await expect(page.locator('body')).toHaveCSS('color-scheme', 'dark');
	});
});

test('"system" follows the machine', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await visit(page, '/login');
	const light = await background(page);
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(() => background(page)).not.toBe(light);
});

test('the account menu changes the theme, too', async ({ page }) => {
	await newPerson(page);
	await visit(page, '/account');
	await press(page, 'Account menu');
	await page.getByRole('menuitemradio', { name: 'Dark' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await reload(page);
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a theme that nobody offers is not written into the page', async ({ page, context, baseURL }) => {
	await context.addCookies([{ name: 'theme', value: 'x%22%20onload=alert(1)', url: baseURL! }]);
	await visit(page, '/login');
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
});

deployed('on https the choice is kept for https alone', async ({ deploy, page, context }) => {
	const { origin } = await deploy({});
	await visit(page, `${origin}/login`);
	await choose(page, 'Dark');
	const kept = async () => (await context.cookies()).find(({ name }) => name === 'theme');
	await expect.poll(kept).toMatchObject({ secure: true, value: 'dark' });
});
