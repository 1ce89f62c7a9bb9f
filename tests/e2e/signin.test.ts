import { expect, test, visit } from './fixtures.ts';
import { HOME, newEmail, newPerson, PASSWORD, press, signedOutPerson, signIn } from './people.ts';

test('a wrong password and an unknown address get one answer, and what was typed stays', async ({ page }) => {
	const email = await signedOutPerson(page);
	await visit(page, '/login');
	const answers: (string | null)[] = [];
	for (const identifier of [email, newEmail('stranger')]) {
		await signIn(page, identifier, 'not-my-password');
		await expect(page.getByRole('alert')).toBeVisible();
		await expect(page.getByLabel('Email or username')).toHaveValue(identifier);
		await expect(page.getByLabel('Password')).toHaveValue('not-my-password');
		answers.push(await page.getByRole('alert').textContent());
	}
	expect(answers[0]).toBe(answers[1]);

	await signIn(page, email);
	await expect(page).toHaveURL(HOME);
});

test('a refused sign-up keeps what was typed and leads to the field', async ({ page }) => {
	await visit(page, '/signup');
	await page.getByLabel('Email', { exact: true }).fill('ada@');
	await page.getByLabel('Password').fill('short');
	await page.getByLabel('First name').fill('Ada');
	await press(page, 'Create account');
	const email = page.getByLabel('Email', { exact: true });
	await expect(email).toHaveAccessibleDescription(/Enter an e-mail address/);
	await expect(email).toBeFocused();
	await expect(email).toHaveValue('ada@');
	await expect(page.getByLabel('Password')).toHaveValue('short');
	await expect(page.getByLabel('First name')).toHaveValue('Ada');
});

test('a deep link asks for a sign-in and comes back', async ({ page }) => {
	const email = await signedOutPerson(page);
	await visit(page, '/account/security?from=mail');
	await expect(page).toHaveURL(/\/login\?redirectTo=%2Faccount%2Fsecurity%3Ffrom%3Dmail$/);
	await signIn(page, email);
	await expect(page).toHaveURL(/\/account\/security\?from=mail$/);
	await expect(page.getByRole('heading', { name: 'Security' })).toBeVisible();
});

for (const target of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%09/evil.example']) {
	test(`redirectTo=${target} stays here, signed out and in`, async ({ page, baseURL }) => {
		const email = await signedOutPerson(page);
		await visit(page, `/login?redirectTo=${encodeURIComponent(target)}`);
		await signIn(page, email);
		await expect(page).toHaveURL(HOME);
		await visit(page, `/login?redirectTo=${encodeURIComponent(target)}`);
		expect(new URL(page.url()).origin).toBe(baseURL);
		await expect(page).toHaveURL(/\/orgs/);
	});
}

test('a signed-in person has no use for the sign-in page', async ({ page }) => {
	await newPerson(page);
	await visit(page, '/login?redirectTo=/account');
	await expect(page).toHaveURL(/\/account$/);
});

test('without JavaScript a form keeps its password out of the address bar', async ({ browser, baseURL }) => {
	const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
	const page = await context.newPage();
	await page.goto('/login');
	await page.getByLabel('Email or username').fill('ada@example.com');
	await page.getByLabel('Password').fill(PASSWORD);
	const sent = page.waitForRequest((request) => request.method() === 'POST');
	await press(page, 'Sign in');
	expect((await sent).url()).toBe(`${baseURL}/login`);
	await context.close();
});

test('"remember me" outlives the session of a day', async ({ page }) => {
	const email = await signedOutPerson(page);
	const day = 86_400;
	const lifetimes: number[] = [];
	for (const remember of [false, true]) {
		await page.context().clearCookies();
		await visit(page, '/login');
		await page.getByLabel('Remember me').setChecked(remember);
		await signIn(page, email);
		await expect(page).toHaveURL(HOME);
		const cookies = await page.context().cookies();
		const { expires, httpOnly, sameSite, path } = cookies.find(({ name }) => name === 'session_id')!;
		expect({ httpOnly, sameSite, path }).toEqual({ httpOnly: true, sameSite: 'Lax', path: '/' });
		lifetimes.push(Math.round((expires - Date.now() / 1000) / day));
	}
	expect(lifetimes).toEqual([1, 30]);
});
