import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { expect, test } from './fixtures.ts';
import { tokenOf } from './mail.ts';
import { call, csrf, endSessions, invite, newAdmin, newEmail, newPerson } from './people.ts';

/**
 * Every door to an organisation's data, and what it answers without a redirect being followed; for the data of a page,
 * whose answer is 200 whatever it says, nothing is 0.
 */
const DOORS: Record<string, (page: Page, org: string) => Promise<number>> = {
	page: (page, org) => get(page, `/orgs/${org}/customers`),
	'page of admins': (page, org) => get(page, `/orgs/${org}/audit`),
	data: async ({ request }, org) => {
		const body = await (await request.get(`/orgs/${org}/customers/__data.json`)).text();
		return body.includes('@customers.test') ? 200 : 0;
	},
	export: (page, org) => get(page, `/orgs/${org}/customers.csv`),
	question: (page, org) => get(page, `/trpc/customers.list?input=${encodeURIComponent(JSON.stringify({ org }))}`),
	change: async ({ request }, org) => {
		const data = { org, name: 'Ada', email: newEmail() };
		return (await request.post('/trpc/customers.create', { data, headers: await csrf(request) })).status();
	},
	import: async ({ request }, org) => {
		const file = { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(`name,email\nAda,${newEmail()}`) };
		const options = { multipart: { file }, headers: await csrf(request) };
		return (await request.post(`/orgs/${org}/customers/import`, options)).status();
	}
};

const get = async (page: Page, path: string) => (await page.request.get(path, { maxRedirects: 0 })).status();

async function knock(page: Page, org: string): Promise<Record<string, number>> {
	const answers: Record<string, number> = {};
	for (const [door, open] of Object.entries(DOORS)) answers[door] = await open(page, org);
	return answers;
}

const OPEN = { page: 200, 'page of admins': 200, data: 200, export: 200, question: 200, change: 200, import: 200 };
const SIGNED_OUT = { page: 303, 'page of admins': 303, data: 0, export: 303 };

type Act = (of: { admin: Page; org: string; email: string; userId: string }) => Promise<unknown>;

const ACTS: Record<string, [Act, Record<string, number>]> = {
	suspension: [
		({ email }) => query('update "user" set suspended_at = now() where email = $1', [email]),
		{ ...SIGNED_OUT, question: 403, change: 403, import: 403 }
	],
	'the end of a session': [
		({ email }) => endSessions(email),
		{ ...SIGNED_OUT, question: 401, change: 401, import: 401 }
	],
	demotion: [
		({ admin, org, userId }) => call(admin.request, 'members.setRole', { org, userId, role: 'readonly' }),
		{ ...OPEN, 'page of admins': 403, change: 403, import: 403 }
	],
	removal: [
		({ admin, org, userId }) => call(admin.request, 'members.remove', { org, userId }),
		{ page: 404, 'page of admins': 404, data: 0, export: 404, question: 404, change: 404, import: 404 }
	]
};

for (const [name, [act, answers]] of Object.entries(ACTS)) {
	test(`${name} acts on the next request at every door`, async ({ page, otherBrowser }) => {
		const {
			page: admin,
			org: { slug: org }
		} = await newAdmin(otherBrowser);
		await call(admin.request, 'customers.create', { org, name: 'Grace', email: 'grace@customers.test' });
		const email = await newPerson(page);
		const token = tokenOf(await invite(admin, org, email, 'org_admin'));
		await call(page.request, 'invitations.accept', { token });
		expect(await knock(page, org)).toEqual(OPEN);

		const { rows } = await query('select id from "user" where email = $1', [email]);
		await act({ admin, org, email, userId: (rows[0] as { id: string }).id });
		expect(await knock(page, org)).toEqual(answers);
	});
}
