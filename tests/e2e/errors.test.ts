import { randomBytes } from 'node:crypto';
import { Cable } from './cable.ts';
import { expect, visit } from './fixtures.ts';
import { breakSession, breakSessionList, newPerson } from './people.ts';
import { test } from './server.ts';

test('a page that does not exist says so, with a way on', async ({ page }) => {
	const response = await visit(page, '/nothing/here');
	expect(response.status()).toBe(404);
	await expect(page).toHaveTitle(/Gatehouse/);
	await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
	await page.getByRole('link', { name: 'Go to the start' }).click();
	await expect(page).toHaveURL(/\/$/);
});

test('a page that fails says so, with the id of its request', async ({ page }) => {
	const email = await newPerson(page);
	await breakSessionList(email);
	const response = await page.goto('/account/sessions');
	expect(response!.status()).toBe(500);
	await expect(page.getByText('Something went wrong.')).toBeVisible();
	await expect(page.getByText(response!.headers()['x-request-id']!)).toBeVisible();
	await expect(page.getByText(/toISOString|TypeError/)).toBeHidden();
});

test('a request that fails before its page is reached says so, too', async ({ page }) => {
	const email = await newPerson(page);
	await breakSession(email);
	const response = await page.goto('/account');
	expect(response!.status()).toBe(500);
	await expect(page.getByText('Something went wrong.')).toBeVisible();
	await expect(page.getByText(response!.headers()['x-request-id']!)).toBeVisible();
	expect(await page.context().cookies()).toContainEqual(expect.objectContaining({ name: 'session_id' }));
});

const METRICS_TOKEN = randomBytes(24).toString('hex');

test('while the database is away everything says so, and nobody is signed out', async ({ serve }) => {
	let cable: Cable | undefined;
	const { origin } = await serve(async (databaseUrl) => {
		cable = new Cable(databaseUrl);
		return { DATABASE_URL: await cable.plug(), METRICS_TOKEN };
	});
	const headers = { Cookie: 'session_id=somebody' };
	const statusOf = async (path: string) => (await fetch(origin + path, { headers, redirect: 'manual' })).status;
	expect(await statusOf('/ready')).toBe(200);
	expect((await fetch(`${origin}/trpc/auth.config`)).status).toBe(200);

	cable!.cut();
	await expect.poll(() => statusOf('/ready')).toBe(503);
	expect(await statusOf('/health')).toBe(200);
	const metrics = await fetch(`${origin}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
	expect(await metrics.text()).toContain('gatehouse_database_up 0');
	const call = await fetch(`${origin}/trpc/auth.me`, { headers });
	expect(call.status).toBe(503);
	expect(call.headers.getSetCookie()).toEqual([]);
	expect(await call.json()).toMatchObject({
		error: { json: { data: { reason: 'unavailable', httpStatus: 503, requestId: call.headers.get('x-request-id') } } }
	});
	// Nor is anything let through that asks the database for no more than what limits it.
	expect((await fetch(`${origin}/trpc/auth.config`)).status).toBe(503);
	const page = await fetch(`${origin}/account`, { headers, redirect: 'manual' });
	expect(page.status).toBe(503);
	expect(page.headers.getSetCookie()).toEqual([]);
	expect(await page.text()).toContain('not available right now');
	const door = await fetch(`${origin}/auth/oauth/google`, { redirect: 'manual' });
	expect(door.status).toBe(503);

	await cable!.plug();
	await expect.poll(() => statusOf('/ready')).toBe(200);
	expect(await statusOf('/trpc/auth.me')).toBe(401);
	expect((await fetch(`${origin}/trpc/auth.config`)).status).toBe(200);

	// Ten seconds later the server has closed its idle connections, and none of them tells that the database is away.
	await new Promise((resolve) => setTimeout(resolve, 12_000));
	cable!.cut();
	expect((await fetch(`${origin}/trpc/auth.config`)).status).toBe(503);
});
