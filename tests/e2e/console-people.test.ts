import type { Page } from 'playwright/test';
import { examine, onPhone } from './axe.ts';
import { query } from './database.ts';
import { expect, reload, test, visit } from './fixtures.ts';
import { lastMail } from './mail.ts';
import { ageProof, call, firstOrg, newEmail, newOperator, newPerson, PASSWORD, press, signIn } from './people.ts';

const idOf = async (email: string) => {
	const { rows } = await query('select id from "user" where email = $1', [email]);
	return (rows as { id: string }[])[0]!.id;
};

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** Chooses what the menu of a row, or of a page, offers. */
async function choose(page: Page, name: string, item: string): Promise<void> {
	await press(page, `Actions for ${name}`);
	await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function confirm(page: Page, button: string, told: string): Promise<void> {
	await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
	await expect(page.getByText(told)).toBeVisible();
	await expect(page.getByRole('dialog')).toBeHidden();
}

test('the console is found in the menu, and by those alone who run the service', async ({ page, otherBrowser }) => {
	await newOperator(page);
	await visit(page, '/orgs');
	await press(page, 'Account menu');
	await page.getByRole('menuitem', { name: 'Console' }).click();
	await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();

	const other = await otherBrowser();
	await other.goto('/admin/users');
	await expect(other).toHaveURL(/\/login\?redirectTo=%2Fadmin%2Fusers$/);
	const email = await newPerson(other);
	for (const path of ['/admin/users', `/admin/users/${await idOf(email)}`, '/%61dmin/users'])
		expect((await other.goto(path))!.status(), path).toBe(404);
});

test('an operator finds a person, shuts them out with a reason, and lets them in again', async ({
	page,
	otherBrowser
}) => {
	const person = await otherBrowser();
	const email = await newPerson(person, { firstName: 'Paula', lastName: 'Person' });
	await newOperator(page);
	await visit(page, '/admin/users');
	await page.getByLabel('Search').fill(email.toUpperCase());
	await expect(page.getByRole('row')).toHaveCount(2);
	await expect(page).toHaveURL(/\?q=PERSON-/);

	await choose(page, 'Paula Person', 'Suspend');
	const dialog = page.getByRole('dialog', { name: 'Suspend Paula Person?' });
	await dialog.getByRole('button', { name: 'Suspend' }).click();
	await expect(dialog.getByLabel('Reason')).toBeFocused();
	await dialog.getByLabel('Reason').fill('Sent spam to the Joneses');
	await confirm(page, 'Suspend', 'Paula Person is suspended.');
	await expect(row(page, email)).toContainText('Suspended');

	await person.goto('/todos');
	await expect(person).toHaveURL(/\/login/);
	await signIn(person, email);
	await expect(person.getByRole('alert')).toContainText('suspended');
	await expect(person.getByText('Joneses')).toBeHidden();

	await row(page, email).getByRole('link', { name: 'Paula Person' }).click();
	await expect(page.getByText('Sent spam to the Joneses')).toBeVisible();
	await choose(page, 'Paula Person', 'Lift suspension');
	await confirm(page, 'Lift suspension', 'Paula Person may come in again.');
	await expect(page.getByText('Sent spam to the Joneses')).toBeHidden();
	await page.getByRole('link', { name: 'What the console’s log says of them' }).click();
	await expect(page.getByRole('main')).toContainText('suspended Paula Person: Sent spam to the Joneses');

	await signIn(person, email);
	await expect(person).toHaveURL(/\/(orgs|todos)/);
});

test('an end of a suspension is told in the zone of the browser, and lies ahead', async ({ page, otherBrowser }) => {
	const email = await newPerson(await otherBrowser(), { firstName: 'Paula', lastName: 'Person' });
	await newOperator(page);
	await visit(page, `/admin/users/${await idOf(email)}`);
	await choose(page, 'Paula Person', 'Suspend');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Reason').fill('A week off');
	await dialog.getByLabel('Until').fill('2020-01-31T12:00');
	await dialog.getByRole('button', { name: 'Suspend' }).click();
	await expect(dialog.getByLabel('Until')).toBeFocused();
	await expect(dialog).toContainText('still to come');
	await dialog.getByLabel('Until').fill('2050-01-31T12:00');
	await confirm(page, 'Suspend', 'Paula Person is suspended.');
	await expect(page.getByRole('main')).toContainText('until Jan 31, 2050');
});

test('a person who is made sets a password by the link in the mail', async ({ page, otherBrowser }) => {
	await newOperator(page);
	await visit(page, '/admin/users');
	const email = newEmail('made');
	await press(page, 'Add person');
	await page.getByLabel('Email', { exact: true }).fill('nobody');
	await press(page, 'Create account');
	await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
	await page.getByLabel('Email', { exact: true }).fill(email);
	await page.getByLabel('First name').fill('Mara');
	await page.getByLabel('Last name').fill('Made');
	await press(page, 'Create account');
	await expect(page.getByRole('heading', { name: 'Mara Made' })).toBeVisible();
	await expect(page.getByText('Not verified')).toBeVisible();

	const person = await otherBrowser();
	const { text } = await lastMail(email, /^Your account at/);
	await visit(person, /\/reset\/[\w-]+/.exec(text)![0]);
	await person.getByLabel('New password').fill(PASSWORD);
	await press(person, 'Set password');
	await expect(person).toHaveURL(/\/login/);
	await signIn(person, email);
	await expect(person.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await reload(page);
	await expect(page.getByText('Not verified')).toBeHidden();
	await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row')).toHaveCount(2);
});

test('what is grave asks an operator who they are', async ({ page, otherBrowser }) => {
	const person = await otherBrowser();
	const email = await newPerson(person, { firstName: 'Paula', lastName: 'Person' });
	await ageProof(await newOperator(page));
	await visit(page, `/admin/users/${await idOf(email)}`);
	await choose(page, 'Paula Person', 'End sessions');
	await press(page, 'End sessions');
	const question = page.getByRole('dialog').filter({ has: page.getByLabel('Password') });
	await question.getByLabel('Password').fill(PASSWORD);
	await question.getByRole('button', { name: 'Confirm' }).click();
	await expect(page.getByText('1 session of Paula Person ended.')).toBeVisible();
	await expect(page.getByText('They are signed in nowhere.')).toBeVisible();
	await person.goto('/todos');
	await expect(person).toHaveURL(/\/login/);
});

test('a list is filtered, sorted and turned over by its address', async ({ page }) => {
	await newOperator(page);
	const word = `zz${Date.now()}`;
	await query(
		`insert into "user" (email, first_name, last_name, email_verified_at, suspended_at)
		select n || '.${word}@example.com', '${word}', lpad(n::text, 2, '0'), case when n > 3 then now() end,
			case when n = 7 then now() end from generate_series(1, 27) n`
	);
	const names = () => page.getByRole('row').getByRole('link').allTextContents();
	await visit(page, `/admin/users?q=${word}`);
	await expect(page.getByText('27 accounts')).toBeVisible();
	await page.getByRole('link', { name: 'Name', exact: true }).click();
	await expect(page).toHaveURL(/sort=name&direction=asc/);
	await expect.poll(async () => (await names()).filter((name) => name.startsWith(word))[0]).toBe(`${word} 01`);
	await page.getByRole('link', { name: 'Next' }).click();
	await expect(page.getByRole('link', { name: `${word} 27` })).toBeVisible();
	await expect(page.getByRole('link', { name: `${word} 01` })).toBeHidden();
	await reload(page);
	await expect(page.getByRole('link', { name: `${word} 27` })).toBeVisible();
	await page.getByLabel('Address').selectOption('Not verified');
	await expect(page.getByText('3 accounts')).toBeVisible();
	await page.getByLabel('Standing').selectOption('Suspended');
	await expect(page.getByRole('heading', { name: 'Nobody matches' })).toBeVisible();
	await page.getByLabel('Address').selectOption('Any');
	await expect(page.getByRole('link', { name: `${word} 07` })).toBeVisible();
	await page.goBack();
	await expect(page).not.toHaveURL(/standing/);
});

/** Somebody who has something of everything, and an operator who looks at them. */
async function furnish(page: Page, other: Page) {
	const email = await newPerson(other, { firstName: 'Paula', lastName: 'Person' });
	const { slug: org } = await firstOrg(other);
	await call(other.request, 'apiKeys.create', { org, name: 'Robot', role: 'member' });
	const userId = await idOf(email);
	const connected = `insert into identity (provider, subject, user_id, email) values ('google', $1, $2, $3)`;
	await query(connected, [`subject of ${userId}`, userId, email]);
	await newOperator(page);
	return { email, userId };
}

onPhone(() => {
	test('the pages of people', async ({ page, otherBrowser }) => {
		const { email, userId } = await furnish(page, await otherBrowser());
		for (const path of [`/admin/users?q=${email}`, '/admin/users?q=nobody-is-called-so', `/admin/users/${userId}`]) {
			await page.goto(path);
			await examine(page, path);
		}
		const reason = { userId, reason: 'Sent spam', until: '2050-01-31T12:00:00Z' };
		await call(page.request, 'admin.users.suspend', reason);
		await page.goto(`/admin/users/${userId}`);
		await examine(page, 'somebody suspended');
	});

	test('what opens on the pages of people', async ({ page, otherBrowser }) => {
		const { email } = await furnish(page, await otherBrowser());
		await visit(page, `/admin/users?q=${email}`);
		await press(page, 'Actions for Paula Person');
		await expect(page.getByRole('menuitem', { name: 'Suspend' })).toBeVisible();
		await examine(page, 'the menu of a person');
		await page.getByRole('menuitem', { name: 'Suspend' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
		await expect(page.getByLabel('Reason')).toBeFocused();
		await examine(page, 'the dialog of a suspension');
		await page.keyboard.press('Escape');
		await press(page, 'Add person');
		await expect(page.getByRole('dialog')).toBeVisible();
		await examine(page, 'the dialog of a new person');
	});
});
