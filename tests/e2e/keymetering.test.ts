import { createHash, randomUUID } from 'node:crypto';
import { newKey } from '../../src/server/apikeys/secret.ts';
import { connect, INSERT_PERSON } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail } from './people.ts';
import { ending, start, test } from './server.ts';

/** Somebody with an organisation and a key, and a connection that sees all. */
async function prepare(databaseUrl: string) {
	const client = await connect(databaseUrl);
	const { key, prefix } = newKey();
	const [org, id] = [randomUUID(), randomUUID()];
	await client.query("set app.scope = 'system'");
	await client.query(INSERT_PERSON, [newEmail(), '']);
	await client.query("insert into org (id, slug, name) values ($1, 'acme', 'Acme')", [org]);
	await client.query(`update org set limits = '{"*": 100000}'`);
	await client.query(`insert into membership (org_id, user_id, role) select $1, id, 'member' from "user"`, [org]);
	await client.query(
		`insert into api_key (id, org_id, maker_id, name, role) select $1, $2, id, 'Robot', 'readonly' from "user"`,
		[id, org]
	);
	const hash = createHash('sha256').update(key).digest('hex');
	await client.query('insert into api_key_secret (hash, key_id, prefix) values ($1, $2, $3)', [hash, id, prefix]);
	const numberOf = async (text: string) => Number((await client.query<{ n: string }>(text)).rows[0]!.n);
	return { client, key, numberOf };
}

const INPUT = encodeURIComponent(JSON.stringify({ org: 'acme' }));

test('two processes that are told to stop have counted every call, and give back what they did not spend', async ({
	serve
}) => {
	const first = await serve({ LOG_LEVEL: 'info' });
	const second = await start(first.databaseUrl, { LOG_LEVEL: 'info' });
	const { client, key, numberOf } = await prepare(first.databaseUrl);
	const servers = [first, second];
	const calls = Array.from({ length: 500 }, async (_, nth) => {
		const { origin } = servers[nth % 2]!;
		const { status } = await fetch(`${origin}/trpc/orgs.get?input=${INPUT}`, {
			headers: { Authorization: `Bearer ${key}` }
		});
		return status;
	});
	expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
	const ended = servers.map(({ child }) => ending(child, 10_000));
	for (const { child } of servers) child.kill('SIGTERM');
	expect(await Promise.all(ended)).toEqual([0, 0]);
	expect(await numberOf('select sum(calls) as n from api_key_use')).toBe(500);
	expect(await numberOf('select used as n from api_key_month')).toBe(500);
	expect(await numberOf(`select used as n from quota_use where feature = 'api_calls'`)).toBe(500);
	expect(await numberOf('select count(*) as n from api_key_call')).toBe(100);
	// The key is in no log line, nor is what it was looked up by.
	for (const { output } of servers) expect(output()).not.toContain(key.slice(12));
	await client.end();
});
