import { randomUUID } from 'node:crypto';
import type { APIRequestContext, Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, isHydrated, visit } from './fixtures.ts';
import { lastLink, tokenOf } from './mail.ts';

/** A password that nobody minds. */
export const PASSWORD = 'wandering-teapot-92';

/** The home of an organisation. */
export const HOME = /\/orgs\/[a-z0-9-]+$/;

/** An address of its own for every test. */
export const newEmail = (name = 'person') => `${name}-${randomUUID()}@example.com`;

type Reply<T> = { result: { data: { json: T } } };

/** The header that a change needs in the browser behind `request`, once somebody is signed in there. */
export async function csrf(request: APIRequestContext): Promise<Record<string, string>> {
	const { cookies } = await request.storageState();
	const token = cookies.find(({ name }) => name === 'csrf_token')?.value;
	return token ? { 'X-CSRF-Token': token } : {};
}

/** Calls a mutation as a program would, with the cookies of the browser behind `request`. */
export async function call<T>(request: APIRequestContext, path: string, input: object): Promise<T> {
	const response = await request.post(`/trpc/${path}`, { data: input, headers: await csrf(request) });
	expect(response.status(), await response.text()).toBe(200);
	return ((await response.json()) as Reply<T>).result.data.json;
}

/** Calls a query as a program would. */
export async function ask<T>(request: APIRequestContext, path: string, input: object = {}): Promise<T> {
	const response = await request.get(`/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
	expect(response.status(), await response.text()).toBe(200);
	return ((await response.json()) as Reply<T>).result.data.json;
}

/** The first organisation of whoever is signed in. */
export async function firstOrg(page: Page): Promise<{ slug: string; name: string }> {
	const [org] = await ask<{ slug: string; name: string }[]>(page.request, 'orgs.list');
	return org!;
}

/** An administrator's browser, and the organisation that is theirs. */
export async function newAdmin(otherBrowser: () => Promise<Page>) {
	const page = await otherBrowser();
	const email = await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	return { page, email, org: await firstOrg(page) };
}

export const isIn = async (page: Page, slug: string) => {
	await expect(page).toHaveURL(new RegExp(`/orgs/${slug}$`));
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
};

/** Invites an address, and answers the path of the link that was mailed. */
export async function invite(page: Page, org: string, email: string, role = 'member'): Promise<string> {
	await call(page.request, 'invitations.create', { org, email, role });
	return lastLink('invite', email);
}

/** Somebody with an account, signed in in this browser without a look at its pages. */
export async function newPerson(page: Page, names: { firstName?: string; lastName?: string } = {}): Promise<string> {
	const email = newEmail();
	await call(page.request, 'auth.signup', { email, password: PASSWORD, ...names });
	await call(page.request, 'auth.verifyEmail', { token: tokenOf(await lastLink('verify', email)) });
	return email;
}

/** Somebody who runs the service, signed in in this browser. */
export async function newOperator(page: Page): Promise<string> {
	const email = await newPerson(page, { firstName: 'Grace', lastName: 'Hopper' });
	await query('update "user" set sys_admin = true where email = $1', [email]);
	return email;
}

/** Somebody with an account who is signed in nowhere. */
export async function signedOutPerson(page: Page): Promise<string> {
	const email = await newPerson(page);
	await page.context().clearCookies();
	return email;
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

export async function signUp(page: Page, email: string, password = PASSWORD): Promise<void> {
	await visit(page, '/signup');
	await page.getByLabel('Email', { exact: true }).fill(email);
	await page.getByLabel('Password').fill(password);
	await press(page, 'Create account');
	await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
	await expect(page.getByText(email)).toBeVisible();
}

/** Fills the form of a sign-in page that is open. */
export async function signIn(page: Page, identifier: string, password = PASSWORD): Promise<void> {
	await isHydrated(page);
	await page.getByLabel('Email or username').fill(identifier);
	await page.getByLabel('Password').fill(password);
	await press(page, 'Sign in');
}

/** Fills the dialog that asks for a sign-in over the page. */
export async function signInAgain(page: Page, email: string, password = PASSWORD): Promise<void> {
	const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
	await expect(dialog).toContainText(`Sign in again as ${email}`);
	await dialog.getByLabel('Password').fill(password);
	await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function signOut(page: Page): Promise<void> {
	await press(page, 'Account menu');
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await expect(page).toHaveURL(/\/login$/);
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeHidden();
}

// A date that PostgreSQL can hold and JavaScript cannot stands for a bug that only one person meets.

/** Lets the page of an account's sessions fail. */
export const breakSessionList = (email: string) =>
	query(`update session set created_at = '-infinity' from "user" u where u.id = user_id and u.email = $1`, [email]);

/** Lets every request of a session fail. */
export const breakSession = (email: string) =>
	query(`update session set expires_at = 'infinity' from "user" u where u.id = user_id and u.email = $1`, [email]);

/** Ends every session of an account, as another device of its person can. */
export const endSessions = (email: string) =>
	query('delete from session using "user" u where u.id = user_id and u.email = $1', [email]);

/** Lets the proof that came with signing in grow old. */
export const ageProof = (email: string) =>
	query(
		`update session set proven_at = now() - interval '11 minutes' from "user" u where u.id = user_id and u.email = $1`,
		[email]
	);
