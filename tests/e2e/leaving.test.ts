import { readFile } from 'node:fs/promises';
import { examine, onPhone } from './axe.ts';
import { query } from './database.ts';
import { expect, test, visit } from './fixtures.ts';
import { lastLink, lastMail, mailTo } from './mail.ts';
import { call, firstOrg, HOME, isIn, newPerson, press, signIn, signUp } from './people.ts';

test('an account is deactivated, and taken back by signing in', async ({ page }) => {
	const email = await newPerson(page);
	await visit(page, '/account');
	await page.getByRole('link', { name: 'Privacy' }).click();
	await press(page, 'Deactivate account');
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('signed out everywhere');
	await dialog.getByRole('button', { name: 'Deactivate account' }).click();
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByText('Sign in to come back')).toBeVisible();
	await lastMail(email, /is deactivated$/);

	await signIn(page, email);
	await expect(page).toHaveURL(HOME);
});

test('an account is deleted by its address, and taken back by the link in the mail', async ({ page }) => {
	const email = await newPerson(page, { firstName: 'Ada', lastName: 'Leaver' });
	const { slug, name } = await firstOrg(page);
	await visit(page, '/account/privacy');
	await expect(page.getByRole('listitem').filter({ hasText: 'goes with you' })).toContainText(name);
	await press(page, 'Delete account');
	const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
	const confirm = dialog.getByLabel(`Type ${email} to confirm`);
	await confirm.fill('somebody@example.com');
	await dialog.getByRole('button', { name: 'Delete account' }).click();
	await expect(confirm).toHaveAccessibleDescription(`Type ${email} to confirm.`);
	await confirm.fill(email);
	await dialog.getByRole('button', { name: 'Delete account' }).click();
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByText('We mailed you a link to take it back')).toBeVisible();
	await signIn(page, email);
	await expect(page.getByRole('alert')).toContainText('password');

	const link = await lastLink('restore', email);
	await visit(page, link);
	await expect(page.getByText(email)).toBeVisible();
	await press(page, 'Restore account');
	await expect(page.getByRole('heading', { name: 'Your account is yours again' })).toBeVisible();
	await page.getByRole('link', { name: 'Sign in' }).click();
	await signIn(page, email);
	await isIn(page, slug);
	expect((await page.goto(link))!.status()).toBe(404);
});

test('after 14 days an account is erased, and its address begins anew', async ({ page }) => {
	test.setTimeout(150_000);
	const email = await newPerson(page);
	await call(page.request, 'todos.create', { title: 'Water the plants' });
	await call(page.request, 'account.delete', { confirm: email });
	const link = await lastLink('restore', email);
	await query(
		`with late as (update restoration set expires_at = now() - interval '1 second' where user_id = (select id from "user" where email = $1))
		update "user" set erase_after = now() - interval '1 second' where email = $1`,
		[email]
	);
	expect((await page.goto(link))!.status()).toBe(412);
	const receipt = async () => (await mailTo(email)).map(({ subject }) => subject);
	await expect.poll(receipt, { timeout: 90_000 }).toEqual([expect.stringMatching(/is erased$/)]);
	expect((await page.goto(link))!.status()).toBe(412);

	await page.context().clearCookies();
	await signUp(page, email);
	await visit(page, await lastLink('verify', email));
	await press(page, 'Verify email');
	await expect(page).toHaveURL(HOME);
	await visit(page, '/todos');
	await expect(page.getByText('Water the plants')).toBeHidden();
});

test('the last admin of others is told to hand over first', async ({ page, otherBrowser }) => {
	await newPerson(page);
	const { slug, name } = await firstOrg(page);
	const email = await newPerson(await otherBrowser());
	await query(
		`insert into membership (org_id, user_id, role)
		select org.id, "user".id, 'member' from org, "user" where slug = $1 and email = $2`,
		[slug, email]
	);
	await visit(page, '/account/privacy');
	await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('href', `/orgs/${slug}/members`);
	await expect(page.getByRole('button', { name: 'Delete account' })).toBeHidden();
});

test('a copy of all data is made, mailed, and opened by its person alone', async ({ page, otherBrowser }) => {
	const email = await newPerson(page);
	await call(page.request, 'todos.create', { title: 'Water the plants' });
	await visit(page, '/account/privacy');
	await press(page, 'Export my data');
	await expect(page.getByText('Your copy is ready')).toBeVisible({ timeout: 20_000 });
	const link = await lastLink('export', email);

	const other = await otherBrowser();
	await visit(other, link);
	await expect(other).toHaveURL(`/login?redirectTo=${encodeURIComponent(link)}`);
	await newPerson(other);
	expect((await other.goto(link))!.status()).toBe(404);
	expect((await other.request.get(`${link}/file`)).status()).toBe(404);

	await visit(page, link);
	const downloading = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Download' }).click();
	const download = await downloading;
	expect(download.suggestedFilename()).toBe('account.json');
	const copy = JSON.parse(await readFile(await download.path(), 'utf8')) as Record<string, unknown>;
	expect(copy).toMatchObject({ user: [{ email }], todo: [{ title: 'Water the plants' }] });
	expect((await page.request.get(`${link}/file`)).headers()['cache-control']).toBe('no-store');
	await query(
		`update account_export set expires_at = now() - interval '1 second'
		where user_id = (select id from "user" where email = $1)`,
		[email]
	);
	expect((await page.goto(link))!.status()).toBe(412);
});

test('an operator erases a person at once, by the address that they type', async ({ page, otherBrowser }) => {
	const person = await otherBrowser();
	const email = await newPerson(person, { firstName: 'Paula', lastName: 'Person' });
	const operator = await newPerson(page);
	await query('update "user" set sys_admin = true where email = $1', [operator]);
	const { rows } = await query('select id from "user" where email = $1', [email]);
	await visit(page, `/admin/users/${(rows as { id: string }[])[0]!.id}`);
	await press(page, 'Actions for Paula Person');
	await page.getByRole('menuitem', { name: 'Erase' }).click();
	const dialog = page.getByRole('dialog', { name: 'Erase Paula Person?' });
	const confirm = dialog.getByLabel(`Type ${email} to confirm`);
	await dialog.getByRole('button', { name: 'Erase for good' }).click();
	await expect(confirm).toHaveAccessibleDescription(`Type ${email} to confirm.`);
	await confirm.fill(email);
	await dialog.getByRole('button', { name: 'Erase for good' }).click();
	await expect(page.getByText('Paula Person is erased.')).toBeVisible();
	await expect(page).toHaveURL(/\/admin\/log\?targetId=/);
	await expect(page.getByText('erased Deleted person for good')).toBeVisible();
	await lastMail(email, /is erased$/);
	await person.goto('/todos');
	await expect(person).toHaveURL(/\/login/);
});

onPhone(() => {
	test('nothing on the way out is hard to read or to reach', async ({ page }) => {
		const email = await newPerson(page);
		await call(page.request, 'account.export', {});
		await visit(page, await lastLink('export', email));
		await examine(page, 'the page of a copy');
		await visit(page, '/account/privacy');
		await press(page, 'Delete account');
		await expect(page.getByRole('dialog').getByRole('textbox')).toBeVisible();
		await examine(page, 'the dialog that deletes');
		await call(page.request, 'account.delete', { confirm: email });
		const link = await lastLink('restore', email);
		await visit(page, link);
		await examine(page, link);
		await press(page, 'Restore account');
		await expect(page.getByRole('heading', { name: 'Your account is yours again' })).toBeVisible();
		await examine(page, 'a restored account');
		await page.goto(link);
		await examine(page, 'a link that was used');
	});
});
