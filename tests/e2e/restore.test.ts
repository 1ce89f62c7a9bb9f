import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DEMO_PASSWORD } from '../../db/demo.ts';
import { servePostgres, wholePostgres } from '../postgres.ts';
import { query } from './database.ts';
import { expect, test } from './fixtures.ts';
import { newEmail } from './people.ts';
import { send } from './raw.ts';
import { ending, start, type Server } from './server.ts';

/** What docs/operate.md tells to type, by how it begins. */
const docs = readFileSync('docs/operate.md', 'utf8');
const told = (beginning: string) => docs.split('\n').find((line) => line.startsWith(beginning))!;

const binaries = wholePostgres();

type Reply<T> = { result: { data: { json: T } } };

/** Somebody of the demo data, signed in at a server. */
async function signIn({ origin }: Server) {
	const ask = async (path: string, input: object, headers: Record<string, string>) => {
		const options = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } };
		return send(`/trpc/${path}`, { ...options, body: JSON.stringify(input) }, origin);
	};
	const answer = await ask('auth.login', { identifier: 'otto@acme.example', password: DEMO_PASSWORD }, {});
	const { csrfToken } = (JSON.parse(answer.body) as Reply<{ csrfToken: string }>).result.data.json;
	const headers = { Cookie: answer.headers['set-cookie']!.join('; '), 'X-CSRF-Token': csrfToken };
	return {
		call: async (path: string, input: object) => (await ask(path, input, headers)).status,
		look: async <T>(path: string, input: object) => {
			const { body } = await send(
				`/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`,
				{ headers },
				origin
			);
			return (JSON.parse(body) as Reply<{ items: T[] }>).result.data.json.items;
		}
	};
}

/** How many rows each table has, seen by the system. */
const counts = async (url: string) => {
	const text = `select relname, (xpath('/row/n/text()', query_to_xml(
			format('select count(*) as n from %s', oid::regclass), false, true, '')))[1]::text as n
		from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relpersistence = 'p' order by 1`;
	const scoped = Object.assign(new URL(url), { search: '?options=-c%20app.scope%3Dsystem' }).href;
	return (await query(text, [], scoped)).rows as { relname: string; n: string }[];
};

test('a dump brings everything back, as docs/operate.md says', async () => {
	test.skip(!binaries, 'needs a PostgreSQL with pg_dump on this machine');
	test.setTimeout(120_000);
	const { url: superuser, stop } = await servePostgres(binaries!);
	const folder = mkdtempSync(join(tmpdir(), 'gatehouse-dump-'));
	const databaseUrl = Object.assign(new URL(superuser), { username: 'gatehouse', pathname: 'gatehouse' }).href;
	const env = { SECRET_KEY: randomBytes(32).toString('base64'), APP_ENV: 'dev', RATE_LIMIT_FACTOR: '0' };
	const shell = (command: string) => {
		const PATH = `${binaries}${delimiter}${process.env.PATH}`;
		const { status, stderr } = spawnSync('sh', ['-c', command], {
			cwd: folder,
			env: { ...process.env, ...env, PATH, DATABASE_URL: databaseUrl },
			encoding: 'utf8'
		});
		expect(status, `${command}: ${stderr}`).toBe(0);
	};
	const servers: Server[] = [];
	try {
		const admin = (sql: string) => query(sql, [], `${superuser}postgres`);
		await admin(told('create role gatehouse'));
		await admin(told('create database gatehouse'));
		servers.push(await start(databaseUrl, env));
		shell(`cd '${process.cwd()}' && node db/seed.ts`);
		const email = newEmail();
		const before = await signIn(servers[0]!);
		expect(await before.call('customers.create', { org: 'acme', name: 'Ada', email })).toBe(200);
		servers[0]!.child.kill('SIGTERM');
		await ending(servers[0]!.child);

		const rows = await counts(databaseUrl);
		expect(rows).toContainEqual({ relname: 'customer', n: '69' });
		expect(rows).toContainEqual({ relname: 'audit_log', n: '1' });
		shell(told('PGOPTIONS='));
		await admin('drop database gatehouse');
		await admin(told('create database gatehouse'));
		shell(told('pg_restore '));
		expect(await counts(databaseUrl)).toEqual(rows);
		// Outside an organisation such a table is empty again.
		expect((await query('select from customer', [], databaseUrl)).rowCount).toBe(0);

		servers.push(await start(databaseUrl, env));
		const after = await signIn(servers[1]!);
		expect(await after.look('customers.list', { org: 'acme', q: email })).toHaveLength(1);
		expect(await after.look('audit.list', { org: 'acme' })).toHaveLength(1);
		expect(await after.call('customers.create', { org: 'acme', name: 'Ada', email: newEmail() })).toBe(200);
	} finally {
		for (const { child } of servers) child.kill('SIGKILL');
		await stop();
		rmSync(folder, { recursive: true });
	}
});
