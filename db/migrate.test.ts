import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from './migrate.ts';

const customer = 'create table customer (id int primary key);\n';
const invoice = 'create table invoice (id int primary key);\n';

test('several instances at once apply each migration once, and the job queue its own', async () => {
	const { url, client } = await emptyDatabase();
	const answers = await Promise.all(Array.from({ length: 6 }, () => migrate(url)));

	const { rows } = await client.query<{ name: string }>('select name from migration order by name collate "C"');
	expect(rows.length).toBeGreaterThan(0);
	expect(answers.flat()).toEqual(rows.map(({ name }) => name));
	await client.query("select graphile_worker.add_job('anything')");
	expect(await migrate(url)).toEqual([]);
});

test('a migration that fails takes those before it along, and is named with its line', async () => {
	const { url, client } = await emptyDatabase();
	const folder = await migrations({
		'0001_customer.sql': customer,
		'0002_invoice.sql': `${invoice}\nselect nonsense;`
	});
	await expect(migrate(url, folder)).rejects.toThrow(/0002_invoice\.sql failed in line 3.*"nonsense"/);
	await expect(client.query('select from customer')).rejects.toThrow('does not exist');

	await fs.writeFile(new URL('0002_invoice.sql', folder), invoice);
	expect(await migrate(url, folder)).toEqual(['0001_customer.sql', '0002_invoice.sql']);
});

test('an applied migration that changed, went missing or got a new predecessor is refused by name', async () => {
	const { url } = await emptyDatabase();
	const folder = await migrations({ '0001_customer.sql': customer, '0003_invoice.sql': invoice });
	await migrate(url, folder);

	await fs.writeFile(new URL('0001_customer.sql', folder), `${customer}-- changed`);
	await expect(migrate(url, folder)).rejects.toThrow('0001_customer.sql was changed');
	await fs.writeFile(new URL('0001_customer.sql', folder), customer.replaceAll('\n', '\r\n'));
	expect(await migrate(url, folder)).toEqual([]);

	await fs.writeFile(new URL('0002_late.sql', folder), 'select 1');
	await expect(migrate(url, folder)).rejects.toThrow('0002_late.sql comes before 0003_invoice.sql');
	await fs.rm(new URL('0002_late.sql', folder));

	await fs.rm(new URL('0001_customer.sql', folder));
	await expect(migrate(url, folder)).rejects.toThrow('0001_customer.sql was applied, but its file is missing');
});

test('a database that cannot be reached is named, its password is not', async () => {
	const failure = migrate('postgres://somebody:hunter2@127.0.0.1:1/somewhere').catch(String);
	expect(await failure).toMatch(/"somewhere" at 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.* DATABASE_URL/);
	expect(await failure).not.toContain('hunter2');
});

/** Its name begins with that of this run's database, so that it is dropped even if the run is killed. */
async function emptyDatabase(): Promise<{ url: string; client: pg.Client }> {
	const server = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await server.connect();
	const name = `${server.database}_${randomBytes(4).toString('hex')}`;
	await server.query(`create database ${name}`);
	const url = Object.assign(new URL(process.env.DATABASE_URL ?? ''), { pathname: name }).href;
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	onTestFinished(async () => {
		await client.end();
		await server.query(`drop database ${name} with (force)`);
		await server.end();
	});
	return { url, client };
}

async function migrations(files: Record<string, string>): Promise<URL> {
	const folder = pathToFileURL(`${await fs.mkdtemp(join(tmpdir(), 'gatehouse-'))}/`);
	onTestFinished(() => fs.rm(folder, { recursive: true }));
	for (const [name, sql] of Object.entries(files)) await fs.writeFile(new URL(name, folder), sql);
	return folder;
}
