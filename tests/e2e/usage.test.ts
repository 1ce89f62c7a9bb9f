import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, reload, test, visit } from './fixtures.ts';
import { ask, call, firstOrg, invite, newEmail, newPerson, press } from './people.ts';
import { tokenOf } from './mail.ts';

/** An admin with an organisation whose plan grants a number of something. */
async function withPlan(page: Page, features: Record<string, number>): Promise<string> {
	await newPerson(page, { firstName: 'Ada' });
	const { slug } = await firstOrg(page);
	await query('update org set features = features || $2::jsonb where slug = $1', [slug, JSON.stringify(features)]);
	return slug;
}

/** Bytes of JavaScript that a page asks for, compressed. */
async function scriptsOf(page: Page, path: string): Promise<number> {
	const sizes: Promise<{ responseBodySize: number }>[] = [];
	page.on('requestfinished', (request) => {
		if (request.resourceType() === 'script') sizes.push(request.sizes());
	});
	await visit(page, path);
	await page.waitForLoadState('networkidle');
	return (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
}

test('an admin sees quotas, what lifts a full one, the days, and who used what', async ({ page, otherBrowser }) => {
	const org = await withPlan(page, { customers: 1 });
	await call(page.request, 'customers.create', { org, name: 'Grace', email: newEmail() });
	type History = { total: Record<'calls' | 'customers', number> };
	await expect
		.poll(async () => (await ask<History>(page.request, 'usage.history', { org })).total.calls)
		.toBeGreaterThan(0);
	await visit(page, `/orgs/${org}/usage`);
	await expect(page.getByRole('paragraph').filter({ hasText: /^1 of 1$/ })).toBeVisible();
	await expect(page.getByText('The Free plan includes 10,000.')).toBeVisible();
	await expect(page.getByRole('progressbar', { name: 'Customers' })).toBeVisible();
	await expect(page.getByText('Audit log export is not part of this plan')).toBeVisible();
	await expect(page.getByText('Of customers.import')).toBeVisible();
	await expect(page.locator('svg rect.fill-accent, svg path.fill-accent').first()).toBeAttached();
	await page.getByText('The same as a table').click();
	await expect(page.getByRole('table', { name: 'Use by day' }).getByRole('row')).toHaveCount(2);
	await expect(page.getByRole('table', { name: 'Who used what' }).getByRole('row', { name: /^Ada/ })).toBeVisible();

	const member = await otherBrowser();
	const email = await newPerson(member);
	await call(member.request, 'invitations.accept', { token: tokenOf(await invite(page, org, email)) });
	await visit(member, `/orgs/${org}/usage`);
	await expect(member.getByRole('heading', { name: 'Usage' })).toBeVisible();
	await expect(member.getByRole('table', { name: 'Who used what' })).toBeHidden();
	await expect(member.getByText('What you used')).toBeVisible();
});

test('where every seat is taken, whoever invites is told, and may', async ({ page }) => {
	const org = await withPlan(page, { members: 1 });
	await visit(page, `/orgs/${org}/members`);
	await expect(page.getByText('1 of 1 member.')).toBeVisible();
	await press(page, 'Invite member');
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByText(/no place is left[^]*Free plan, which includes\s+10\./)).toBeVisible();
	await dialog.getByLabel('Email').fill(newEmail());
	await dialog.getByRole('button', { name: 'Send invitation' }).click();
	await expect(page.getByText(/An invitation is on its way/)).toBeVisible();
	await query(`update org set features = features || '{"members": 5}' where slug = $1`, [org]);
	await reload(page);
	await expect(page.getByText('1 of 5 members.')).toBeVisible();
	await press(page, 'Invite member');
	await expect(dialog.getByLabel('Email')).toBeVisible();
	await expect(dialog.getByText(/no place is left/)).toBeHidden();
});

test('what draws the days is fetched by that page alone, and only where there is something to draw', async ({
	page
}) => {
	const org = await withPlan(page, {});
	const plain = await scriptsOf(page, `/orgs/${org}/customers`);
	expect(plain).toBeLessThan(130_000);
	await call(page.request, 'customers.create', { org, name: 'Grace', email: newEmail() });
	expect(await scriptsOf(page, `/orgs/${org}/usage`)).toBeLessThan(330_000);
});
