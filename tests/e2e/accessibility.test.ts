import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { manyLinks } from './links.ts';
import { privatePages } from './pages.ts';
import {
	ageProof,
	breakAccount,
	breakSession,
	call,
	csrf,
	firstOrg,
	invite,
	newEmail,
	newPerson,
	PASSWORD,
	press,
	signIn
} from './people.ts';
import { comeBy } from './provider.ts';

const SIZES = [
	{ width: 360, height: 740 },
	{ width: 1280, height: 800 }
];

for (const theme of ['light', 'dark']) {
	for (const viewport of SIZES) {
		test.describe(`${theme}, ${viewport.width} px`, () => {
			test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });
			test.beforeEach(({ context, baseURL }) => context.addCookies([{ name: 'theme', value: theme, url: baseURL! }]));

			test('the pages for everybody', async ({ page }) => {
				for (const path of [
					'/',
					'/signup',
					'/login?error=oauth_cancelled',
					'/forgot',
					'/verify',
					'/signed-in',
					'/dev',
					'/nothing/here'
				]) {
					await page.goto(path);
					await examine(page, path);
				}
			});

			test('the reference of the API', async ({ page }) => {
				await page.goto('/api/docs', { waitUntil: 'networkidle' });
				await press(page, 'Try it: Add a customer');
				await expect(page.getByLabel('API key')).toBeVisible();
				await examine(page, '/api/docs');
			});

			test('the pages behind a link', async ({ page, otherBrowser }) => {
				const links = await manyLinks(page, otherBrowser);
				const other = await otherBrowser();
				await other.setViewportSize(viewport);
				for (const [name, link] of Object.entries(links)) {
					await page.goto(link);
					await examine(page, name);
				}
				await other.goto(links.verify);
				await examine(other, 'verify, in another browser');
				await page.goto('/dev/mail');
				await expect(page.frameLocator('iframe').first().getByRole('link')).toBeVisible();
				// Axe waits for ever for an answer from a frame that may run no scripts.
				await page.locator('iframe').evaluateAll((frames) => frames.forEach((frame) => frame.remove()));
				await examine(page, '/dev/mail');
			});

			test('the pages of a person', async ({ page }) => {
				const email = await newPerson(page, { firstName: 'Ada', lastName: 'Lovelace' });
				const { slug } = await firstOrg(page);
				const empty = ['/todos', `/orgs/${slug}/customers`, `/orgs/${slug}/invitations`];
				for (const path of ['/', '/orgs/of-others', ...empty]) {
					await page.goto(path);
					await examine(page, path);
				}
				await breakAccount(email);
				expect((await page.goto('/account'))!.status()).toBe(500);
				await examine(page, 'a page that fails');
				await breakSession(email);
				expect((await page.goto('/account'))!.status()).toBe(500);
				await examine(page, 'a request that fails');
			});

			test('what a provider brings, and takes a proof', async ({ page }) => {
				const email = await newPerson(page);
				await page.context().clearCookies({ name: /^(session_id|csrf_token)$/ });
				await comeBy(page, 'Google', { email });
				await signIn(page, email);
				await expect(page.getByRole('button', { name: 'Connect Google' })).toBeVisible();
				await examine(page, 'an identity that waits');
				await ageProof(email);
				await press(page, 'Connect Google');
				await expect(page.getByRole('dialog').getByLabel('Password')).toBeVisible();
				await examine(page, 'the question for a proof');
			});

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
				await page.goto(`/orgs/${org}/customers`, { waitUntil: 'networkidle' });
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
				await examine(page, 'the menu of a row');
				await page.keyboard.press('Escape');
				await press(page, 'Import');
				await examine(page, 'the dialog of an import');
				await page.goto(`/orgs/${org}/settings`, { waitUntil: 'networkidle' });
				await page.getByRole('switch', { name: 'Overage' }).click();
				await expect(page.getByRole('button', { name: 'Save limit' })).toBeVisible();
				await examine(page, 'overage');
				await press(page, 'Delete organization');
				await examine(page, 'the dialog that deletes');
			});

			test('what opens on a page, and what a form refuses', async ({ page }) => {
				await page.goto('/login', { waitUntil: 'networkidle' });
				await signIn(page, newEmail());
				await expect(page.getByRole('alert')).toBeVisible();
				await examine(page, 'a refused sign-in');
				await page.goto('/signup', { waitUntil: 'networkidle' });
				await press(page, 'Create account');
				await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
				await examine(page, 'a refused sign-up');

				await newPerson(page);
				await page.goto('/account', { waitUntil: 'networkidle' });
				await press(page, 'Account menu');
				await examine(page, 'the account menu');
				await page.keyboard.press('Escape');
				if (viewport.width < 768) await press(page, 'Menu');
				await examine(page, 'the sidebar');
				await page.getByRole('button', { name: 'Switch organization' }).click();
				await examine(page, 'the organization switcher');
				await page.goto('/account', { waitUntil: 'networkidle' });
				await press(page, 'Change email');
				await page.getByRole('dialog').getByLabel('New email').fill(newEmail());
				await page.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
				await examine(page, 'the dialog of a new address');
				await press(page, 'Send link');
				await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible();
				await examine(page, 'a new address that waits');
				await page.goto('/dev', { waitUntil: 'networkidle' });
				await press(page, 'Dialog');
				await examine(page, 'a dialog');
			});
		});
	}
}

/** Holds the page as it is now, in its theme, against axe, and against the width of the window. */
async function examine(page: Page, name: string): Promise<void> {
	const theme = await page.locator('html').getAttribute('data-theme');
	const axe = new AxeBuilder({ page });
	// The theme changes colors and nothing else: the other rules have been asked in the light.
	if (theme === 'dark') axe.withRules('color-contrast');
	const { violations } = await axe.analyze();
	const found = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) => [id, html, failureSummary])
	);
	expect.soft(found, `axe on ${name}`).toEqual([]);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect.soft(overflow, `pixels that ${name} is too wide`).toBeLessThanOrEqual(0);
}

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
