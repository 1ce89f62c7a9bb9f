import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright/test';
import { examine, onPhone } from './axe.ts';
import { query } from './database.ts';
import { expect, reload, test, visit } from './fixtures.ts';
import { ask, newPerson, press } from './people.ts';

/** Somebody who runs the service, signed in. */
async function newOperator(page: Page): Promise<string> {
	const email = await newPerson(page, { firstName: 'Olga', lastName: 'Operator' });
	await query('update "user" set sys_admin = true where email = $1', [email]);
	return email;
}

/** Jobs that failed for good, of a task that nobody works on. */
async function failJobs(count: number): Promise<string> {
	const task = `idle_${randomUUID().slice(0, 8)}`;
	await query(
		`select graphile_worker.permanently_fail_jobs(array[(graphile_worker.add_job($1)).id], 'Out of order')
		from generate_series(1, $2)`,
		[task, count]
	);
	return task;
}

const row = (page: Page, table: string, name: string | RegExp) =>
	page.getByRole('table', { name: table, exact: true }).getByRole('row', { name });

async function choose(page: Page, menu: string, item: string): Promise<void> {
	await page.getByRole('button', { name: `Actions for ${menu}`, exact: true }).click();
	await page.getByRole('menuitem', { name: item }).click();
}

test('what failed is found, and tried again one by one or all at once', async ({ page }) => {
	await newOperator(page);
	const task = await failJobs(3);
	await visit(page, '/admin/jobs');
	await row(page, 'Tasks', new RegExp(task)).getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`task=${task}`));
	await expect(page.getByText('3 jobs', { exact: true })).toBeVisible();
	const failed = row(page, 'Jobs', /Failed/);
	await expect(failed).toHaveCount(3);
	await expect(failed.first()).toContainText('Out of order');
	await failed.first().getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Try again' }).click();
	await expect(failed).toHaveCount(2);

	await page.getByLabel('State').selectOption('failed');
	await expect(page.getByText('2 jobs', { exact: true })).toBeVisible();
	await choose(page, task, 'Try all failed again');
	await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
	await expect(page.getByRole('heading', { name: 'No such job' })).toBeVisible();
	await visit(page, '/admin/log');
	await expect(page.getByText(`had 2 failed jobs of ${task} tried again`)).toBeVisible();
	await expect(page.getByText(`had 1 failed job of ${task} tried again`)).toBeVisible();
});

test('a test mail arrives, and mail is found by whom it went to', async ({ page }) => {
	const email = await newOperator(page);
	await visit(page, '/admin/mail');
	await press(page, 'Send me a test mail');
	await expect(page.getByText(`The mail server took a mail to ${email}.`)).toBeVisible();
	await page.getByLabel('To').fill(email);
	await expect(page).toHaveURL(/q=person/);
	await expect(row(page, 'Mail', /test Sent/)).toBeVisible();
	await expect(page.getByText('2 mails', { exact: true })).toBeVisible();
	await page.getByLabel('State').selectOption('failed');
	await expect(page.getByRole('heading', { name: 'No such mail' })).toBeVisible();
});

test('figures and health are read, and drawn', async ({ page }) => {
	await newOperator(page);
	await visit(page, '/admin/figures');
	await expect(page.locator('svg rect.fill-accent, svg path.fill-accent').first()).toBeAttached();
	await page.getByText('The same as a table').click();
	await expect(page.getByRole('table', { name: 'Figures by day' }).getByRole('row')).toHaveCount(31);
	await page.getByLabel('Days', { exact: true }).selectOption('7');
	await expect(page).toHaveURL(/days=7/);
	await expect(page.getByRole('table', { name: 'Figures by day' }).getByRole('row')).toHaveCount(8);

	await visit(page, '/admin/health');
	const { versions } = await ask<{ versions: { postgres: string } }>(page.request, 'admin.health');
	await expect(page.getByText(versions.postgres, { exact: true })).toBeVisible();
	await press(page, 'Look again');
	await expect(page.getByRole('heading', { name: 'Queue' })).toBeVisible();
});

test('what a tier cannot be is told in its dialog, which keeps what was typed', async ({ page }) => {
	await newOperator(page);
	await visit(page, '/admin/tiers');
	await press(page, 'Edit Free');
	const dialog = page.getByRole('dialog', { name: 'Edit Free' });
	await dialog.getByLabel('Members').fill('-5');
	await dialog.getByRole('button', { name: 'Save tier' }).click();
	await expect(dialog.getByRole('alert')).toContainText('Enter a whole number');
	await dialog.getByLabel('Members').fill('10');
	await dialog.getByLabel('Calls a minute').fill('* 600\ncustomers.imports 5');
	await dialog.getByRole('button', { name: 'Save tier' }).click();
	await expect(dialog.getByText('There is no call “customers.imports”')).toBeVisible();
	await expect(dialog.getByLabel('Calls a minute')).toHaveValue('* 600\ncustomers.imports 5');
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	await expect(dialog).toBeHidden();
	await reload(page);
	await expect(page.getByText('Of customers.imports')).toBeHidden();
});

onPhone(() => {
	test('the pages of the system', async ({ page }) => {
		await newOperator(page);
		const task = await failJobs(1);
		for (const path of ['settings', 'tiers', 'jobs', `jobs?task=${task}`, 'mail', 'health', 'figures']) {
			await visit(page, `/admin/${path}`);
			await examine(page, path);
		}
		await page.getByText('The same as a table').click();
		await examine(page, 'the figures as a table');
		await visit(page, '/admin/tiers');
		await press(page, 'Edit Pro');
		await expect(page.getByRole('dialog')).toBeVisible();
		await examine(page, 'the dialog of a tier');
	});
});
