import { randomUUID } from 'node:crypto';
import { hashPassword } from '../../src/server/auth/password.ts';
import { connect, INSERT_PERSON } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { ending, test, type Server } from './server.ts';

/** A member of an organisation who calls, answering statuses, and what is written of their calls. */
async function prepare({ origin, databaseUrl }: Server) {
	const client = await connect(databaseUrl);
	const [email, org] = [newEmail(), randomUUID()];
	await client.query("set app.scope = 'system'");
	await client.query(INSERT_PERSON, [email, await hashPassword(PASSWORD)]);
	await client.query("insert into org (id, slug, name, tier) values ($1, 'acme', 'Acme', 'enterprise')", [org]);
	await client.query(`insert into membership (org_id, user_id, role) select $1, id, 'member' from "user"`, [org]);
	const signedIn = await fetch(`${origin}/trpc/auth.login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ identifier: email, password: PASSWORD })
	});
	const Cookie = signedIn.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
	const call = async () =>
		(await fetch(`${origin}/trpc/orgs.get?input=${encodeURIComponent('{"org":"acme"}')}`, { headers: { Cookie } }))
			.status;
	const calls = (times: number) => Promise.all(Array.from({ length: times }, call));
	const written = async () => {
		const { rows } = await client.query<{ used: string; rows: string }>(
			"select coalesce(sum(used), 0) as used, count(*) as rows from usage_day where measure = 'calls'"
		);
		return { used: Number(rows[0]!.used), rows: Number(rows[0]!.rows) };
	};
	return { client, calls, written };
}

test('told to stop, the server has written every call that it let in', async ({ serve }) => {
	const server = await serve();
	const { client, calls, written } = await prepare(server);
	expect(new Set(await calls(100))).toEqual(new Set([200]));
	const ended = ending(server.child);
	server.child.kill('SIGTERM');
	expect(await ended).toBe(0);
	expect((await written()).used).toBe(100);
	await client.end();
});

test('a database that cuts every connection costs no call, and none is counted twice', async ({ serve }) => {
	const server = await serve();
	const { client, calls, written } = await prepare(server);
	let [passed, asked] = [0, 0];
	for (let round = 0; round < 20; round++) {
		const statuses = await calls(10);
		passed += statuses.filter((status) => status === 200).length;
		asked += statuses.length;
		await client.query(`
			select pg_terminate_backend(pid) from pg_stat_activity
			where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	expect(passed).toBeGreaterThan(0);
	const ended = ending(server.child);
	server.child.kill('SIGTERM');
	await ended;
	const { used } = await written();
	expect(used).toBeGreaterThanOrEqual(passed);
	expect(used).toBeLessThanOrEqual(asked);
	await client.end();
});
