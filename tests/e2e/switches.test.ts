import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import { hashPassword } from '../../src/server/auth/password.ts';
import { examine } from './axe.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect, isHydrated } from './fixtures.ts';
import { newEmail, PASSWORD, press, signIn } from './people.ts';
import { send } from './raw.ts';
import { test as base, type Server } from './server.ts';

/** A port that nobody has, for a server whose own address has to be known before it listens. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	await new Promise((closed) => server.close(closed));
	return port;
}

/** Two processes on a database of their own: what holds for all would be in the way of every other test. */
const test = base.extend<{ servers: [Server, Server] }>({
	servers: async ({ serve }, use) => {
		const port = await freePort();
		const first = await serve({ PORT: String(port), PUBLIC_ORIGIN: `http://127.0.0.1:${port}` });
		await use([first, await serve({ DATABASE_URL: first.databaseUrl })]);
	}
});

async function signInOperator(page: Page, { origin, databaseUrl }: Server): Promise<void> {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	await query('update "user" set sys_admin = true', [], databaseUrl);
	await page.goto(`${origin}/login?redirectTo=/admin/settings`);
	await signIn(page, email);
	await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
	await isHydrated(page);
}

type Config = { signupOpen: boolean; banner: string };

async function configOf({ origin }: Server): Promise<Config> {
	const { body } = await send('/trpc/auth.config', {}, origin);
	return (JSON.parse(body) as { result: { data: { json: Config } } }).result.data.json;
}

async function signUp({ origin }: Server): Promise<number> {
	const body = JSON.stringify({ email: newEmail(), password: PASSWORD });
	const headers = { 'Content-Type': 'application/json' };
	return (await send('/trpc/auth.signup', { method: 'POST', headers, body }, origin)).status;
}

test('sign-up closes in every process, and its page says so', async ({ page, servers, otherBrowser }) => {
	const [first, second] = servers;
	for (const server of servers) expect(await signUp(server)).toBe(200);
	await signInOperator(page, first);
	await page.getByRole('switch', { name: 'Open sign-up' }).click();
	await expect(page.getByText('Sign-up is closed.', { exact: true })).toBeVisible();
	expect(await signUp(first)).toBe(403);
	await expect.poll(() => signUp(second)).toBe(403);
	expect(await configOf(second)).toMatchObject({ signupOpen: false });

	const guest = await otherBrowser();
	await guest.goto(`${first.origin}/signup`);
	await expect(guest.getByRole('heading', { name: 'Sign-up is closed' })).toBeVisible();
	await examine(guest, 'a closed sign-up');
	await guest.goto(`${first.origin}/login`);
	await expect(guest.getByText('Sign-up is closed right now.')).toBeVisible();

	await page.getByRole('switch', { name: 'Open sign-up' }).click();
	await expect(page.getByText('Sign-up is open.', { exact: true })).toBeVisible();
	expect(await signUp(first)).toBe(200);
	await expect.poll(() => signUp(second)).toBe(200);
});

test('a banner hangs on every page, for everybody, as text', async ({ page, servers, otherBrowser }) => {
	const [first, second] = servers;
	const text = 'Maintenance on Sunday <b>from noon</b>';
	const guest = await otherBrowser();
	await guest.setViewportSize({ width: 360, height: 740 });
	await guest.goto(`${first.origin}/login`);
	await isHydrated(guest);
	await signInOperator(page, first);
	await page.getByLabel('Banner text').fill('x'.repeat(201));
	await press(page, 'Save banner');
	await expect(page.getByText('Use at most 200 characters.')).toBeVisible();
	await page.getByLabel('Banner text').fill(text);
	await press(page, 'Save banner');
	const banner = page.getByRole('status').filter({ hasText: text });
	await expect(banner).toBeVisible();
	await expect.poll(async () => (await configOf(second)).banner).toBe(text);
	await examine(page, 'the settings below a banner');

	await guest.getByRole('link', { name: 'Forgot password?' }).click();
	await expect(guest.getByRole('status').filter({ hasText: text })).toBeVisible();
	for (const path of ['/', '/login', '/nothing/here', '/api/docs']) {
		await guest.goto(first.origin + path);
		await expect(guest.getByRole('status').filter({ hasText: text })).toBeVisible();
	}
	await guest.goto(`${first.origin}/login`);
	await examine(guest, 'the sign-in page below a banner');

	await page.getByLabel('Banner text').fill('');
	await press(page, 'Save banner');
	await expect(banner).toBeHidden();
	await page.goto(`${first.origin}/admin/log`);
	await isHydrated(page);
	await expect(page.getByText(`from “${text}” to nothing`)).toBeVisible();
	await expect(page.getByText(`from nothing to “${text}”`)).toBeVisible();
});

test('a tier that is changed keeps nobody’s copy from being what it was', async ({ page, servers: [first] }) => {
	const { origin, databaseUrl } = first;
	await query("insert into org (slug, name) values ('acme', 'Acme')", [], databaseUrl);
	const copies = async () => {
		const { rows } = await query('select features, limits from org', [], databaseUrl);
		return rows as { features: object; limits: object }[];
	};
	const before = await copies();
	await signInOperator(page, first);
	await page.goto(`${origin}/admin/tiers`);
	await isHydrated(page);
	await press(page, 'Edit Free');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Members').fill('25');
	await dialog.getByLabel('Audit log export').check();
	await dialog.getByLabel('Calls a minute').fill('* 700\n\ncustomers.import -1');
	await dialog.getByRole('button', { name: 'Save tier' }).click();
	await expect(page.getByText('1 organization, 1 with an earlier copy')).toBeVisible();
	expect(await copies()).toEqual(before);
	await query("update org set tier = 'free'", [], databaseUrl);
	expect(await copies()).toMatchObject([
		{ features: { members: 25, audit_export: true, customers: 10_000 }, limits: { '*': 700, 'customers.import': -1 } }
	]);
	await page.goto(`${origin}/admin/log`);
	await isHydrated(page);
	await expect(page.getByText(/Members from 10 to 25.*the calls a minute from 600 to 700/)).toBeVisible();
});
