import type { APIRequestContext, Page } from 'playwright/test';
import { expect, isHydrated, test, visit } from './fixtures.ts';
import { ask, call, firstOrg, newEmail, newPerson, press } from './people.ts';
import { send } from './raw.ts';

type Made = { id: string; key: string };

async function start(page: Page, bounds: object = {}) {
	await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	const { slug: org } = await firstOrg(page);
	const made = await call<Made>(page.request, 'apiKeys.create', { org, name: 'Robot', role: 'member', ...bounds });
	return { org, ...made };
}

const bearing = (key: string, more: Record<string, string> = {}) => ({ Authorization: `Bearer ${key}`, ...more });

const reasonOf = (body: string) => /"reason":"(\w+)"/.exec(body)?.[1];

const inputOf = (org: string) => `input=${encodeURIComponent(JSON.stringify({ org }))}`;

test('a key is made, tried, rotated and revoked', async ({ page, context }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await newPerson(page, { firstName: 'Ada', lastName: 'Admin' });
	const { slug } = await firstOrg(page);
	await visit(page, `/orgs/${slug}/keys`);
	await expect(page.getByRole('heading', { name: 'No program has a key yet' })).toBeVisible();
	await press(page, 'New key');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Name').fill('Nightly import');
	await dialog.getByLabel('Role').selectOption('member');
	await dialog.getByLabel('See its members').uncheck();
	await press(page, 'Create key');
	await press(page, 'Copy key');
	const key = await page.evaluate(() => navigator.clipboard.readText());
	expect(key).toMatch(/^gh_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
	await expect(dialog).toContainText(`-H "Authorization: Bearer ${key}"`);
	await press(page, 'Done');
	await expect(page.getByText(key)).toBeHidden();

	const me = await send('/trpc/auth.me', { headers: bearing(key) });
	expect(JSON.parse(me.body)).toMatchObject({
		result: { data: { json: { key: { name: 'Nightly import', role: 'member' }, org: { slug } } } }
	});
	expect((await send(`/trpc/members.list?${inputOf(slug)}`, { headers: bearing(key) })).status).toBe(403);

	await page.getByRole('link', { name: 'Nightly import' }).click();
	await expect(page.getByRole('heading', { name: 'Nightly import' })).toBeVisible();
	await expect
		.poll(async () => {
			await page.reload();
			return page.getByRole('main').textContent();
		})
		.toMatch(/members\.list.*forbidden.*auth\.me.*ok/s);
	await isHydrated(page);
	await press(page, 'Edit');
	await dialog.getByLabel('Name').fill('Weekly import');
	await dialog.getByText('Limits').click();
	await dialog.getByLabel('Calls a minute').fill('30');
	await press(page, 'Save');
	await expect(page.getByRole('heading', { name: 'Weekly import' })).toBeVisible();
	await expect(page.getByText('30 calls a minute')).toBeVisible();
	await press(page, 'Edit');
	await dialog.getByText('Limits').click();
	await dialog.getByLabel('Calls a minute').fill('31');
	await press(page, 'Save');
	await expect(dialog.getByText('A key can only be narrowed.').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await press(page, 'Rotate');
	await dialog.getByLabel('The present secret').selectOption('0');
	await press(page, 'Rotate key');
	await press(page, 'Copy key');
	const rotated = await page.evaluate(() => navigator.clipboard.readText());
	await press(page, 'Done');
	const statusOf = async (secret: string) => (await send('/trpc/auth.me', { headers: bearing(secret) })).status;
	expect([await statusOf(key), await statusOf(rotated)]).toEqual([401, 200]);
	await press(page, 'Revoke');
	await press(page, 'Revoke key');
	await expect(page.getByText('Revoked', { exact: true })).toBeVisible();
	expect(await statusOf(rotated)).toBe(401);
});

test('a key is heard in its header alone', async ({ page }) => {
	const { org, key } = await start(page);
	const asked = `/trpc/orgs.get?${inputOf(org)}`;
	const twice = `%2567${key.slice(1)}`;
	const paths = [`${asked}&key=${key}`, `/trpc/${key}`, `/orgs/${org}/customers.csv?k=%67${key.slice(1)}`];
	for (const path of [...paths, `/health?key=${key}`, `/robots.txt?key=${key}`, `/no/such?key=${twice}`]) {
		const { status, body } = await send(path, { headers: { Accept: 'application/json' } });
		expect(status, path).toBe(400);
		expect(body).toContain('Revoke it');
		expect(body).not.toContain(key);
	}
	for (const cookie of ['session_id=x', 'session_id=']) {
		const { status, body } = await send(asked, { headers: bearing(key, { Cookie: cookie }) });
		expect([status, reasonOf(body)], cookie).toEqual([400, 'invalid']);
	}
	for (const sent of ['gh_', `${key}x`, key.toLowerCase(), key.slice(3)]) {
		const { status, body } = await send(asked, { headers: bearing(sent) });
		expect([status, reasonOf(body)], sent).toEqual([401, 'unauthenticated']);
	}
});

test('a change by a key needs no token, whatever origin it names', async ({ page }) => {
	const { org, key } = await start(page);
	const body = JSON.stringify({ org, name: 'Ada', email: newEmail() });
	const headers = bearing(key, { 'Content-Type': 'application/json', Origin: 'https://evil.example' });
	expect((await send('/trpc/customers.create', { method: 'POST', headers, body })).status).toBe(200);
	const form = { ...headers, 'Content-Type': 'text/plain' };
	expect((await send('/trpc/customers.create', { method: 'POST', headers: form, body })).status).toBe(415);
});

test('every answer says what the minute has left, refused ones and those of doors, too', async ({ page }) => {
	const { org, key } = await start(page, { ratePerMinute: 6 });
	const left: string[] = [];
	const paths = [
		`/trpc/orgs.get?${inputOf(org)}`,
		`/trpc/audit.list?${inputOf(org)}`,
		`/trpc/nothing.here`,
		`/orgs/${org}/customers.csv`,
		`/orgs/${org}/audit.csv`,
		`/api/v1/orgs/${org}`
	];
	for (const path of paths) {
		const { headers } = await send(path, { headers: bearing(key) });
		expect(headers['x-ratelimit-limit'], path).toBe('6');
		expect(Number(headers['x-ratelimit-reset'])).toBeLessThanOrEqual(60);
		left.push(String(headers['x-ratelimit-remaining']));
	}
	expect(left).toEqual(['5', '4', '3', '2', '1', '0']);
	const beyond = await send(paths[0]!, { headers: bearing(key) });
	expect([beyond.status, reasonOf(beyond.body)]).toEqual([429, 'rate_limited']);
	expect(beyond.headers).toMatchObject({ 'x-ratelimit-remaining': '0' });
	expect(Number(beyond.headers['retry-after'])).toBeGreaterThan(0);
});

test('a key opens the doors beside the procedures, and no page', async ({ page }) => {
	const { org, id, key } = await start(page);
	const headers = bearing(key, { Accept: 'application/json' });
	const request: APIRequestContext = page.request;
	expect((await send(`/orgs/${org}/customers.csv`, { headers })).status).toBe(200);
	expect((await send(`/orgs/${org}/audit.csv`, { headers })).status).toBe(403);
	for (const path of ['/', '/login', '/account', `/orgs/${org}`, `/orgs/${org}/customers`, '/auth/oauth/google']) {
		const { status, body } = await send(path, { headers });
		expect([status, reasonOf(body)], path).toEqual([403, 'forbidden']);
	}
	type Use = { procedures: { procedure: string; calls: number; refused: number }[] };
	await expect
		.poll(async () => (await ask<Use>(request, 'apiKeys.usage', { org, id })).procedures)
		.toEqual([
			{ procedure: 'audit.export', calls: 0, refused: 1 },
			{ procedure: 'customers.export', calls: 1, refused: 0 },
			{ procedure: 'unknown', calls: 0, refused: 6 }
		]);
});
