import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { connect, createDatabase, dropDatabase } from '../tests/e2e/database.ts';
import { migrate } from './migrate.ts';

/** A migrated database beside that of the run, with an organisation that has a call under way and one that has ended. */
async function makeDatabase() {
	const url = await createDatabase();
	onTestFinished(() => dropDatabase(url));
	await migrate(url);
	const client = await connect(url);
	// Dropping the database ends it.
	client.on('error', () => {});
	const org = randomUUID();
	await client.query("insert into org (id, slug, name) values ($1, 'acme', 'Acme')", [org]);
	await client.query(`set app.scope = 'system'`);
	const reserve = "select reserve_spend($1, 400, 40, 0, '*', 'test', 'system', null) as call";
	await client.query(reserve, [org]);
	const { rows } = await client.query<{ call: string }>(reserve, [org]);
	await client.query("select settle_spend($1, $2, 150, 15, 'settle')", [org, rows[0]!.call]);
	return { url, client, org };
}

async function check(databaseUrl: string) {
	const env = { ...process.env, DATABASE_URL: databaseUrl };
	const child = spawn(process.execPath, ['db/check-ledger.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, output };
}

test('every organization is compared with its ledger, and what differs is named', async () => {
	const { url, client, org } = await makeDatabase();
	expect(await check(url)).toEqual({ code: 0, output: 'Every balance is the sum of its movements.\n' });

	await client.query('update spend_balance set credits = 5');
	await client.query('update spend_reservation set allotment = allotment + 1');
	const { code, output } = await check(url);
	expect(code).toBe(1);
	expect(output).toContain(`${org}: credits: 5, by the ledger 0`);
	expect(output).toMatch(/call \S+: -401, by the ledger -400/);
	expect(output).not.toContain('allotment');

	await client.query('delete from spend_balance');
	expect((await check(url)).output).toContain(`${org}: no balance: 0, by the ledger`);
	await client.query('delete from org');
	expect((await check(url)).code).toBe(0);
});

test('the ledger is never rewritten, and outlives its organization', async () => {
	const { client, org } = await makeDatabase();
	for (const rewriting of ['update spend_ledger set amount = 0', 'delete from spend_ledger', 'truncate spend_ledger']) {
		await expect(client.query(rewriting)).rejects.toThrow('The spend ledger is insert-only.');
	}
	await client.query('delete from org');
	const { rows } = await client.query('select from spend_ledger where org_id = $1', [org]);
	expect(rows).toHaveLength(4);
});
