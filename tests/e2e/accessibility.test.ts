import { DESK, examine, examineHere, onPhone } from './axe.ts';
import { expect, test, visit } from './fixtures.ts';
import { manyLinks } from './links.ts';
import {
	ageProof,
	breakSession,
	breakSessionList,
	firstOrg,
	newEmail,
	newPerson,
	PASSWORD,
	press,
	signIn
} from './people.ts';
import { comeBy } from './provider.ts';

onPhone(() => {
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
		await visit(page, '/api/docs');
		await press(page, 'Try it: Add a customer');
		await expect(page.getByLabel('API key')).toBeVisible();
		await examine(page, '/api/docs');
	});

	test('the pages behind a link', async ({ page, otherBrowser }) => {
		const links = await manyLinks(page, otherBrowser);
		const other = await otherBrowser();
		for (const [name, link] of Object.entries(links)) {
			await page.goto(link);
			await examine(page, name);
		}
		await other.goto(links.verify);
		await examine(other, 'verify, in another browser');
		await page.goto('/dev/mail');
		await expect(page.frameLocator('iframe').first().getByRole('link')).toBeVisible();
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
		await breakSessionList(email);
		expect((await page.goto('/account/sessions'))!.status()).toBe(500);
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

	test('what opens on a page, and what a form refuses', async ({ page }) => {
		await visit(page, '/login');
		await signIn(page, newEmail());
		await expect(page.getByRole('alert')).toBeVisible();
		await examine(page, 'a refused sign-in');
		await visit(page, '/signup');
		await press(page, 'Create account');
		await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
		await examine(page, 'a refused sign-up');

		await newPerson(page);
		await visit(page, '/account');
		await press(page, 'Account menu');
		await examine(page, 'the account menu');
		await page.keyboard.press('Escape');
		await press(page, 'Menu');
		await examineHere(page, 'the sidebar of a phone');
		const switcher = page.getByRole('button', { name: 'Switch organization' });
		await switcher.click();
		await examineHere(page, 'the organization switcher of a phone');
		await page.setViewportSize(DESK);
		await visit(page, '/account');
		await switcher.click();
		await examineHere(page, 'the organization switcher of a desk');
		await visit(page, '/account');
		await press(page, 'Change email');
		await page.getByRole('dialog').getByLabel('New email').fill(newEmail());
		await page.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
		await examine(page, 'the dialog of a new address');
		await press(page, 'Send link');
		await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible();
		await examine(page, 'a new address that waits');
		await visit(page, '/dev');
		await press(page, 'Dialog');
		await examine(page, 'a dialog');
	});
});
