import { expect, test, visit } from './fixtures.ts';
import { lastMail } from './mail.ts';
import { ask, call, newPerson, PASSWORD, press, signIn, signOut } from './people.ts';

test('one sees where one is signed in, and signs out there', async ({ page, otherBrowser }) => {
	const email = await newPerson(page);
	const others = [await otherBrowser(), await otherBrowser(), await otherBrowser()];
	for (const { request } of others) await call(request, 'auth.login', { identifier: email, password: PASSWORD });
	await visit(page, '/account/security');
	await page.getByRole('link', { name: 'See all your sessions' }).click();
	const list = page.getByRole('main').getByRole('listitem');
	await expect(list).toHaveCount(4);
	await expect(list.first()).toContainText('This device');
	await expect(list.filter({ hasText: 'This device' })).toHaveCount(1);
	await expect(list.first().getByRole('button')).toHaveCount(0);

	await list
		.nth(1)
		.getByRole('button', { name: /^Sign out / })
		.click();
	await expect(page.getByText(/is signed out\.$/)).toBeVisible();
	await expect(list).toHaveCount(3);
	await press(page, 'Sign out other sessions');
	await expect(page.getByText('2 other sessions signed out.')).toBeVisible();
	await expect(list).toHaveCount(1);
	await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
	for (const { request } of others) expect(await ask(request, 'auth.session')).toBeNull();
	await lastMail(email, /^You were signed out .* on other devices$/);

	await page.getByRole('link', { name: 'Activity' }).click();
	await expect(page.getByText('Signed out 2 other sessions')).toBeVisible();
});

test('one session too many says which one it ended', async ({ page, otherBrowser }) => {
	const email = await newPerson(page);
	for (let nth = 0; nth < 4; nth++) {
		await call((await otherBrowser()).request, 'auth.login', { identifier: email, password: PASSWORD });
	}
	const sixth = await otherBrowser();
	await visit(sixth, '/login?redirectTo=%2Faccount%2Factivity');
	await signIn(sixth, email);
	await expect(sixth.getByText(/Chrome on Linux had to be signed out/)).toBeVisible();
	await expect(sixth.getByText('Signed out Chrome on Linux, the least recently used')).toBeVisible();
	await signOut(sixth);
	await visit(page, '/account');
	await expect(page).toHaveURL(/\/login\?redirectTo=%2Faccount$/);
});
