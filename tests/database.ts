import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { embeddedDatabase } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { drop } from './drop.ts';

const prefix = 'gatehouse_test_';
const binaries = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));

/** Runs a command with a migrated database of its own, on the given server or else the embedded one. */
async function main([command, ...args]: string[], given?: string): Promise<number> {
	if (!command) throw new Error('Usage: node tests/database.ts <command> [arguments]');
	if (given) return await withDatabase(given, (url) => run(command, args, url));
	const embedded = await embeddedDatabase('gatehouse');
	return await withDatabase(embedded.url, (url) => run(command, args, url)).finally(embedded.release);
}

/** The server's role must be allowed to create databases. */
async function withDatabase<T>(server: string, work: (url: string) => Promise<T>): Promise<T> {
	const name = `${prefix}${randomBytes(6).toString('hex')}`;
	const client = new pg.Client({ connectionString: server, application_name: name });
	client.on('error', (error) => console.error(error.message));
	await client.connect();
	try {
		await dropAbandoned(client);
		await client.query(`create database ${name}`);
		const url = Object.assign(new URL(server), { pathname: name }).href;
		await migrate(url);
		return await work(url);
	} finally {
		await drop(client, name).finally(() => client.end());
	}
}

/** Each run holds a connection named like its database, which those of single tests begin with; none: it was killed. */
async function dropAbandoned(client: pg.Client): Promise<void> {
	const abandoned = `
		select d.datname as name from pg_database d
		where starts_with(d.datname, $1) and pg_get_userbyid(d.datdba) = current_user
			and not exists (select from pg_stat_activity a
				where starts_with(a.application_name, $1) and starts_with(d.datname, a.application_name))`;
	const { rows } = await client.query<{ name: string }>(abandoned, [prefix]);
	for (const { name } of rows) await drop(client, name);
}

function run(command: string, args: string[], url: string): Promise<number> {
	const env = {
		...process.env,
		APP_ENV: 'dev',
		DATABASE_URL: url,
		SECRET_KEY: randomBytes(32).toString('base64'),
		PATH: `${binaries}${delimiter}${process.env.PATH}`
	};
	// Listening comes first: on a busy machine the command speaks, and is answered, before this line is left.
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	process.on('SIGHUP', () => child.kill('SIGHUP'));
	// In a terminal Ctrl-C reaches the child by itself, and many programs take a second one for impatience.
	process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
	const child = spawn(command, args, { env, stdio: 'inherit' });
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
	});
}

process.exitCode = await main(process.argv.slice(2), process.env.DATABASE_URL).catch((error: Error) => {
	console.error(error.message);
	return 1;
});
