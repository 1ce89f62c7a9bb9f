import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { embeddedDatabase, type Database } from './embedded.ts';

test('processes that start at once share one server, and the last one stops it', async () => {
	const folder = await temporaryFolder();
	const [first, second, ours] = await Promise.all([startProcess(folder), startProcess(folder), open(folder)]);
	expect([first.url, second.url]).toEqual([ours.url, ours.url]);

	await Promise.all([first.release(), ours.release()]);
	await query(second.url, 'select');
	await second.release();
	await expect(query(second.url, 'select')).rejects.toThrow('ECONNREFUSED');
});

test('what a killed process leaves running is used again, and stopped in the end', async () => {
	const folder = await temporaryFolder();
	const killed = await startProcess(folder);
	await query(killed.url, 'create table kept ()');
	await killed.kill();

	const next = await open(folder);
	expect(next.url).toBe(killed.url);
	await query(next.url, 'select from kept');
	await next.release();
	await expect(query(next.url, 'select')).rejects.toThrow('ECONNREFUSED');
});

test('the pid file of a killed server hinders nobody, not even when its number is another process by now', async () => {
	const folder = await temporaryFolder();
	const pidFile = join(folder, 'postgres/data/postmaster.pid');
	const first = await open(folder);
	await query(first.url, 'set synchronous_commit = on; create table kept ()');
	const stale = await fs.readFile(pidFile, 'utf8');
	process.kill(parseInt(stale), 'SIGKILL');
	await first.release();

	await expectKept(folder);
	await fs.writeFile(pidFile, stale.replace(/^\d+/, String(process.pid)));
	await expectKept(folder);
	await fs.writeFile(pidFile, '');
	await expectKept(folder);
});

test('two folders have a server each, also when one is a copy made while its server runs', async () => {
	const [folder, copy] = [await temporaryFolder(), await temporaryFolder()];
	const original = await open(folder);
	await fs.cp(folder, copy, { recursive: true });
	const copied = await open(copy);
	await original.release();
	await query(copied.url, 'select');
});

test('the role owns its database and has no power beyond it; fresh empties that', async () => {
	const folder = await temporaryFolder();
	const { url } = await open(folder);
	const power = `select rolsuper, rolbypassrls, rolreplication, rolcreaterole,
		(select datdba = r.oid from pg_database where datname = current_database()) as owner
		from pg_roles r where rolname = current_user`;
	const none = { rolsuper: false, rolbypassrls: false, rolreplication: false, rolcreaterole: false };
	expect(await query(url, power)).toEqual([{ ...none, owner: true }]);

	await query(url, 'create table gone ()');
	await open(folder, true);
	await expect(query(url, 'select from gone')).rejects.toThrow('does not exist');
	await expect(query(url.replace(/:\w+@/, ':wrong@'), 'select')).rejects.toThrow('password authentication failed');
});

test('a start that fails says why and what to do', async () => {
	const folder = await temporaryFolder();
	await (await open(folder)).release();
	await fs.writeFile(join(folder, 'postgres/data/PG_VERSION'), '9.6\n');
	await expect(open(folder)).rejects.toThrow(/not compatible with this version.* set DATABASE_URL/);
});

test.runIf(process.getuid?.() === 0)('root may keep the folder behind a door that only root can enter', async () => {
	const folder = await temporaryFolder(0o700);
	const { url } = await open(folder);
	expect(await fs.readlink(join(folder, 'postgres'))).toMatch('/var/lib/');
	await query(url, 'select');
});

async function expectKept(folder: string): Promise<void> {
	const { url, release } = await open(folder);
	await query(url, 'select from kept');
	await release();
}

async function open(folder: string, fresh = false): Promise<Database> {
	const database = await embeddedDatabase('shared', { folder: pathToFileURL(`${folder}/`), fresh });
	onTestFinished(database.release);
	return database;
}

/** Another process that uses the server until it is told to stop, or killed. */
async function startProcess(folder: string): Promise<Database & { kill(): Promise<unknown> }> {
	const script = `
		import { embeddedDatabase } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
		const database = await embeddedDatabase('shared', { folder: new URL(process.argv[1]) });
		console.log(database.url);
		process.stdin.on('end', database.release).resume();`;
	const args = ['--input-type=module', '--eval', script, pathToFileURL(`${folder}/`).href];
	const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
	const exit = once(child, 'exit');
	const release = async () => {
		child.stdin.end();
		await exit;
	};
	onTestFinished(release);
	const [output] = (await once(child.stdout, 'data')) as [Buffer];
	return { url: output.toString().trim(), release, kill: () => (child.kill('SIGKILL'), exit) };
}

async function query(url: string, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString: url });
	client.on('error', () => {});
	await client.connect();
	const { rows } = await client.query<object>(sql).finally(() => client.end());
	return rows;
}

async function temporaryFolder(mode = 0o755): Promise<string> {
	const folder = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'gatehouse-'));
	await fs.chmod(folder, mode);
	onTestFinished(async () => {
		const home = await fs.realpath(join(folder, 'postgres'));
		for (const path of [home, folder]) await fs.rm(path, { recursive: true, force: true });
	});
	return folder;
}
