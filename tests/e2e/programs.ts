import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send } from './raw.ts';
import type { Server } from './server.ts';

/** Headers that say who asks. */
type Way = Record<string, string>;

/** Somebody's organisation on a server of a test's own, and the ways to call its API. */
export type Program = { org: string; key: string; session: Way; ids: string[]; ways: Way[] };

/** Calls a procedure by tRPC. */
async function call<T>({ origin }: Server, path: string, input: object, headers: Way = {}) {
	const body = JSON.stringify(input);
	const answer = await send(
		`/trpc/${path}`,
		{ method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body },
		origin
	);
	expect(answer.status, answer.body).toBe(200);
	const { result } = JSON.parse(answer.body) as { result: { data: { json: T } } };
	return { data: result.data.json, cookies: answer.headers['set-cookie'] ?? [] };
}

/** An admin who is signed in, their organisation with something in it, and a key of it. */
export async function newProgram(server: Server): Promise<Program> {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], server.databaseUrl);
	const signedIn = await call<{ csrfToken: string }>(server, 'auth.login', { identifier: email, password: PASSWORD });
	const cookie = signedIn.cookies.map((line) => line.split(';')[0]).join('; ');
	const session = { Cookie: cookie, 'X-CSRF-Token': signedIn.data.csrfToken };
	const org = (await call<{ slug: string }>(server, 'orgs.create', { name: 'Acme' }, session)).data.slug;
	const customer = { org, name: 'Ada Lovelace', email: newEmail(), notes: 'Wants to see the engine.' };
	const { id } = (await call<{ id: string }>(server, 'customers.create', customer, session)).data;
	const invitation = { org, email: newEmail(), role: 'member' };
	const invited = (await call<{ id: string }>(server, 'invitations.create', invitation, session)).data;
	const { rows } = await query('select id from "user" where email = $1', [email], server.databaseUrl);
	const made = await call<{ key: string }>(server, 'apiKeys.create', { org, name: 'Program', role: 'member' }, session);
	const { key } = made.data;
	return {
		...{ org, key, session, ids: [id, invited.id, (rows[0] as { id: string }).id] },
		ways: [session, session, { Authorization: `Bearer ${key}` }, { Authorization: 'Bearer gh_nothing' }, {}]
	};
}
