import type { APIRequestContext, Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, test } from './fixtures.ts';
import { tokenOf } from './mail.ts';
import { call, csrf, endSessions, invite, newAdmin, newEmail, newPerson } from './people.ts';
import { fill, routes } from './routes.ts';

/** An organisation by its slug, and the ids of one of its keys and of a customer. */
type Tenant = { org: string; id: string; customerId: string };

/** What is sent to the doors that change something. */
const BODIES: Record<string, (of: Tenant) => object> = {
	'/orgs/[org]/customers/import': () => ({
		multipart: {
			file: { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(`name,email\nAda,${newEmail()}`) }
		}
	}),
	'/orgs/[org]/assistant/summarize': ({ customerId }) => ({ data: { id: customerId } })
};

type Door = { name: string; open: (request: APIRequestContext, of: Tenant) => Promise<number> };

const look = async (request: APIRequestContext, path: string) =>
	(await request.get(path, { maxRedirects: 0 })).status();

type Node = { type: string; error?: { status: number } } | null;

/** The status of a page by its data, whose own is 200 whatever it says. */
async function lookAtData(request: APIRequestContext, path: string): Promise<number> {
	const { type, nodes = [] } = (await (await request.get(`${path}/__data.json`)).json()) as Node & { nodes?: Node[] };
	return type === 'redirect' ? 303 : (nodes.find((node) => node?.error)?.error?.status ?? 200);
}

/** Every route of an organisation, and what the routes share with all others: a question, and a change. */
const DOORS: Door[] = [
	...routes
		.filter(({ path }) => path.startsWith('/orgs/[org]'))
		.flatMap(({ path, isPage, isRead, changes }): Door[] => [
			...(isRead ? [{ name: `GET ${path}`, open: (by, of) => look(by, fill(path, of)) } satisfies Door] : []),
			...(isPage ? [{ name: `data of ${path}`, open: (by, of) => lookAtData(by, fill(path, of)) } satisfies Door] : []),
			...changes.map((method) => ({
				name: `${method} ${path}`,
				open: async (by: APIRequestContext, of: Tenant) => {
					const body = BODIES[path]?.(of);
					if (!body) throw new Error(`Say what to send to ${path}, for the test that knocks there.`);
					return (await by.fetch(fill(path, of), { method, ...body, headers: await csrf(by) })).status();
				}
			}))
		]),
	{
		name: 'a question',
		open: (by, { org }) => look(by, `/trpc/customers.list?input=${encodeURIComponent(JSON.stringify({ org }))}`)
	},
	{
		name: 'a change',
		open: async (by, { org }) => {
			const data = { org, name: 'Ada', email: newEmail() };
			return (await by.post('/trpc/customers.create', { data, headers: await csrf(by) })).status();
		}
	}
];

async function knock({ request }: Page, tenant: Tenant): Promise<Record<string, number>> {
	const answers: Record<string, number> = {};
	for (const { name, open } of DOORS) answers[name] = await open(request, tenant);
	return answers;
}

/** The same answer at every door, but where a browser would be led to sign in. */
const everywhere = (status: number, led = status) =>
	Object.fromEntries(DOORS.map(({ name }) => [name, /^(GET|data) /.test(name) ? led : status]));

/** An organisation with a customer, its administrator, and another one in this browser. */
async function start(page: Page, otherBrowser: () => Promise<Page>) {
	const { page: admin, org } = await newAdmin(otherBrowser);
	// A tier that opens every door.
	await query("update org set tier = 'pro' where slug = $1", [org.slug]);
	const customer = { org: org.slug, name: 'Grace', email: 'grace@customers.test', notes: 'She called.' };
	const { id: customerId } = await call<{ id: string }>(admin.request, 'customers.create', customer);
	const key = { org: org.slug, name: 'Reports', role: 'readonly' };
	const { id } = await call<{ id: string }>(admin.request, 'apiKeys.create', key);
	const tenant = { org: org.slug, id, customerId };
	const email = await join(admin, page, tenant, 'org_admin');
	expect(await knock(page, tenant)).toEqual(everywhere(200));
	const { rows } = await query('select id from "user" where email = $1', [email]);
	return { admin, tenant, email, userId: (rows[0] as { id: string }).id };
}

async function join(admin: Page, page: Page, { org }: Tenant, role: string): Promise<string> {
	const email = await newPerson(page);
	await call(page.request, 'invitations.accept', { token: tokenOf(await invite(admin, org, email, role)) });
	return email;
}

test('suspension acts on the next request at every door', async ({ page, otherBrowser }) => {
	const { tenant, email } = await start(page, otherBrowser);
	await query('update "user" set suspended_at = now() where email = $1', [email]);
	expect(await knock(page, tenant)).toEqual(everywhere(403, 303));
});

test('the end of a session acts on the next request at every door', async ({ page, otherBrowser }) => {
	const { tenant, email } = await start(page, otherBrowser);
	await endSessions(email);
	expect(await knock(page, tenant)).toEqual(everywhere(401, 303));
});

test('removal acts on the next request at every door', async ({ page, otherBrowser }) => {
	const { admin, tenant, userId } = await start(page, otherBrowser);
	await call(admin.request, 'members.remove', { org: tenant.org, userId });
	expect(await knock(page, tenant)).toEqual(everywhere(404));
});

test('demotion acts on the next request at every door, as if one had never been more', async ({
	page,
	otherBrowser
}) => {
	const { admin, tenant, userId } = await start(page, otherBrowser);
	await call(admin.request, 'members.setRole', { org: tenant.org, userId, role: 'readonly' });
	const reader = await otherBrowser();
	await join(admin, reader, tenant, 'readonly');
	const answers = await knock(page, tenant);
	expect(answers).toEqual(await knock(reader, tenant));
	expect(answers).toMatchObject({ 'GET /orgs/[org]/customers': 200, 'GET /orgs/[org]/audit': 403, 'a change': 403 });
	expect(answers).toMatchObject({ 'GET /orgs/[org]/audit.csv': 403, 'POST /orgs/[org]/customers/import': 403 });
});
