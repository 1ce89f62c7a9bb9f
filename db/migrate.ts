import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { runProgram } from './environment.ts';

type Migration = { name: string; sql: string; checksum: string };

const defaultFolder = new URL('./migrations/', import.meta.url);
const lock = 726_372;
/** How long PostgreSQL may take to answer, and a rehearsal waits for a table that others hold; in milliseconds. */
const patience = { connecting: 10_000, rehearsing: 3000 };
const oldestVersion = 15;

/**
 * Applies what is missing from `folder`, in the order of names and all or nothing, then brings the job queue's own
 * schema up to date. Safe to call from several instances at once. Answers the names of what it applied.
 */
export async function migrate(url: string, folder = defaultFolder): Promise<string[]> {
	const client = await connect(url);
	try {
		await checkVersion(client);
		await client.query('select pg_advisory_lock($1)', [lock]);
		const applied = await applyMissing(client, await readMigrations(folder));
		await migrateQueue(url);
		return applied;
	} finally {
		await client.end();
	}
}

/** What came of trying the missing migrations. */
export type Rehearsal = { failure?: string; heldUp?: boolean };

/** Applies what is missing and rolls it back, on a database that may be in use: it gives way to whoever is there. */
export async function rehearse(url: string, folder = defaultFolder): Promise<Rehearsal> {
	const client = await connect(url);
	try {
		await checkVersion(client);
		await client.query(`set lock_timeout = ${patience.rehearsing}`);
		await client.query('select pg_advisory_lock($1)', [lock]);
		await applyMissing(client, await readMigrations(folder), 'rollback');
		return {};
	} catch (error) {
		const { message, cause = error } = error as Error;
		return cause instanceof pg.DatabaseError && cause.code === '55P03' ? { heldUp: true } : { failure: message };
	} finally {
		await client.end();
	}
}

/** In a pool of our own: the one that the library would make is still closing when it says that it is done. */
async function migrateQueue(url: string): Promise<void> {
	const pgPool = new pg.Pool({ connectionString: url, max: 1 });
	// Lost connections are told by the query under way.
	pgPool.on('error', () => {});
	pgPool.on('connect', (client) => client.on('error', () => {}));
	try {
		await runMigrations({ pgPool, logger: new Logger(() => () => {}) });
	} finally {
		await pgPool.end();
	}
}

/**
 * A connection of one's own.
 * @throws {Error} naming the database and not its password
 */
export async function connect(url: string): Promise<pg.Client> {
	const client = new pg.Client({
		connectionString: url,
		application_name: 'gatehouse migrate',
		connectionTimeoutMillis: patience.connecting
	});
	// A lost connection is also told by the query under way: without a listener it would end the process instead.
	client.on('error', () => {});
	try {
		await client.connect();
		return client;
	} catch (cause) {
		const { message, code } = cause as { message: string; code?: string };
		const place = `"${client.database}" at ${client.host}:${client.port}`;
		throw new Error(`The database ${place} cannot be reached: ${message || code}. Check DATABASE_URL.`, { cause });
	}
}

async function checkVersion(client: pg.Client): Promise<void> {
	const { rows } = await client.query<{ server_version: string }>('show server_version');
	const version = rows[0]?.server_version ?? '';
	if (parseInt(version) >= oldestVersion) return;
	throw new Error(`The database is PostgreSQL ${version}: ${oldestVersion} or newer is needed.`);
}

async function readMigrations(folder: URL): Promise<Migration[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
	return await Promise.all(
		names.map(async (name) => {
			const sql = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
			return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
		})
	);
}

async function applyMissing(client: pg.Client, migrations: Migration[], end = 'commit'): Promise<string[]> {
	await client.query('begin');
	await client.query(`create table if not exists migration
		(name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
	const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migration');
	const applied = new Map(rows.map((row) => [row.name, row.checksum]));
	refuseRewrittenHistory(applied, migrations);
	const missing = migrations.filter(({ name }) => !applied.has(name));
	for (const migration of missing) await apply(client, migration);
	await client.query(end);
	return missing.map(({ name }) => name);
}

/** Databases that differ although they list the same migrations are worse than a deployment that stops. */
function refuseRewrittenHistory(applied: Map<string, string>, migrations: Migration[]): void {
	const files = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
	const last = [...applied.keys()].sort().at(-1) ?? '';
	for (const [name, checksum] of applied) {
		if (!files.has(name)) throw new Error(`Migration ${name} was applied, but its file is missing: restore it.`);
		if (files.get(name) === checksum) continue;
		throw new Error(`Migration ${name} was changed after it was applied: restore it and write a new migration.`);
	}
	for (const { name } of migrations) {
		if (applied.has(name) || name > last) continue;
		throw new Error(`Migration ${name} comes before ${last}, which is already applied: give it a higher number.`);
	}
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
	try {
		await client.query(sql);
	} catch (cause) {
		const { message, position } = cause as pg.DatabaseError;
		const line = position ? ` in line ${sql.slice(0, Number(position)).split('\n').length}` : '';
		throw new Error(`Migration ${name} failed${line}, and nothing was applied: ${message}.`, { cause });
	}
	await client.query('insert into migration (name, checksum) values ($1, $2)', [name, checksum]);
}

if (import.meta.main) {
	await runProgram(async ({ DATABASE_URL }) => {
		const applied = await migrate(DATABASE_URL);
		console.log(applied.length ? `Applied ${applied.join(', ')}.` : 'The database is up to date.');
	});
}
