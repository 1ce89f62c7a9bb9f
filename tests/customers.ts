import { enterOrg } from '#server/auth/access.ts';
import type { Report } from '#server/customers/import.ts';
import { transaction, type Db } from '#server/db.ts';
import { GET } from '../src/routes/(app)/orgs/[org]/customers.csv/+server.ts';
import { POST } from '../src/routes/(app)/orgs/[org]/customers/import/+server.ts';
import { makeOrg, type newBrowser } from './fixtures.ts';

export type Row = { name: string; email: string; createdAt?: Date };

/** Work in an organisation, whoever belongs to it. */
export const inside = <T>(orgId: string, work: (tx: Db) => Promise<T>) =>
	transaction(async (tx) => {
		await enterOrg(tx, orgId);
		return work(tx);
	});

/** Customers that nobody entered. */
export const putCustomers = (orgId: string, rows: Row[]) =>
	inside(orgId, (tx) =>
		tx
			.insertInto('customer')
			.values(rows.map(({ name, email, createdAt }) => ({ orgId, name, email, createdAt })))
			.execute()
	);

/** An organisation with somebody of each role, and what its log says of customers. */
export async function newOrg() {
	const { id, slug, members } = await makeOrg('readonly', 'member');
	const [reader, member] = members;
	const log = () =>
		inside(id, (tx) =>
			tx
				.selectFrom('auditLog')
				.where('orgId', '=', id)
				.select(['action', 'targetId', 'target', 'details'])
				.orderBy('at')
				.execute()
		);
	return { id, org: slug, reader, member, log };
}

type Browser = ReturnType<typeof newBrowser>;

const eventOf = async (browser: Browser, org: string, request: Request) =>
	({
		locals: { actor: await browser.actor(), requestId: 'test', count: () => Promise.resolve() },
		params: { org },
		request
	}) as unknown;

export function formOf(file: BlobPart, allOrNothing = false): FormData {
	const form = new FormData();
	form.set('file', new File([file], 'customers.csv'));
	form.set('allOrNothing', String(allOrNothing));
	return form;
}

export async function post(
	browser: Browser,
	org: string,
	body: RequestInit['body'],
	headers: Record<string, string> = {}
) {
	const request = new Request('http://localhost', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
	return POST((await eventOf(browser, org, request)) as Parameters<typeof POST>[0]);
}

/** The lines of the answer: progress, and last the report. */
export async function send(browser: Browser, org: string, file: BlobPart, allOrNothing = false) {
	const response = await post(browser, org, formOf(file, allOrNothing));
	const lines = (await response.text()).trimEnd().split('\n');
	const said = lines.map((line) => JSON.parse(line) as object);
	return { progress: said.slice(0, -1) as { done: number; total: number }[], report: said.at(-1) as Report };
}

export const download = async (browser: Browser, org: string) =>
	GET((await eventOf(browser, org, new Request('http://localhost'))) as Parameters<typeof GET>[0]);

export const listOf = async (browser: Browser, org: string) => {
	const { items } = await browser.api.customers.list({ org, limit: 100 });
	return items.map(({ name, email, phone, notes }) => ({ name, email, phone, notes }));
};
