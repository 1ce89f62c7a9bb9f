import { createHmac } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openCluster, runningPort, startServer, stopServer, type Cluster } from './cluster.ts';

/** A database to use, and how to let go of it. */
export type Database = { url: string; release: () => Promise<void> };

/** A connection that counts as one user of the server for as long as it lives. (The types lack two of its methods.) */
type Presence = pg.Client & { ref(): void; unref(): void };

const defaultFolder = new URL('../.data/', import.meta.url);
const presenceLock = 726_373;

/**
 * The PostgreSQL of development and tests, from node_modules: starts it, or joins the one that runs on `folder`, and
 * provides the database `name` (`fresh`: empty) for the role "gatehouse". Whoever releases it last stops the server.
 */
export async function embeddedDatabase(
	name: string,
	{ fresh = false, folder = defaultFolder }: { fresh?: boolean; folder?: URL } = {}
): Promise<Database> {
	try {
		await fs.mkdir(folder, { recursive: true });
		const path = await fs.realpath(fileURLToPath(folder));
		return await alone(path, async () => {
			const cluster = await openCluster(path);
			const presence = await attach(cluster);
			let leaving: Promise<void> | undefined;
			const release = () => (leaving ??= alone(path, () => leave(cluster, presence)));
			const url = await provide(cluster, presence, name, fresh).catch(async (error) => {
				await leave(cluster, presence);
				throw error;
			});
			presence.unref();
			return { url, release };
		});
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		const remedy = 'mend that, or set DATABASE_URL to a PostgreSQL of your own';
		throw new Error(`The embedded PostgreSQL cannot be used: ${reason}; ${remedy}.`, { cause });
	}
}

/** One process at a time starts, joins or stops the server: SQLite's file lock ends with its holder, even by kill -9. */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
	const file = join(folder, 'lock');
	const lock = await acquire(file).catch((cause: Error) => {
		throw new Error(`${file} cannot be locked: ${cause.message}`, { cause });
	});
	try {
		return await work();
	} finally {
		lock.close();
	}
}

async function acquire(file: string): Promise<DatabaseSync> {
	const lock = new DatabaseSync(file);
	await retry(600, () => lock.exec('begin exclusive'), isSqliteBusy);
	return lock;
}

async function attach(cluster: Cluster): Promise<Presence> {
	const password = await superuserPassword(cluster);
	const connect = async () => {
		const port = (await runningPort(cluster)) ?? (await retry(3, () => startServer(cluster)));
		const presence = new pg.Client({
			host: '127.0.0.1',
			port,
			user: 'postgres',
			password,
			database: 'postgres',
			ssl: false,
			connectionTimeoutMillis: 10_000
		}) as Presence;
		// A server that stops or dies ends this connection, which must not end the process: release() notices.
		presence.on('error', () => {});
		await presence.connect();
		await presence.query('select pg_advisory_lock_shared($1)', [presenceLock]);
		return presence;
	};
	return await retry(600, connect, isStartingOrStopping);
}

/** Makes role and database where they are missing; the role may create databases, so that each test run has its own. */
async function provide(cluster: Cluster, superuser: pg.Client, name: string, fresh: boolean): Promise<string> {
	const hmac = createHmac('sha256', await superuserPassword(cluster));
	const password = hmac.update('gatehouse').digest('hex');
	const role = await superuser.query("select from pg_roles where rolname = 'gatehouse'");
	if (!role.rowCount) await superuser.query(`create role gatehouse login createdb password '${password}'`);
	const identifier = pg.escapeIdentifier(name);
	if (fresh) await superuser.query(`drop database if exists ${identifier} with (force)`);
	const database = await superuser.query('select from pg_database where datname = $1', [name]);
	if (!database.rowCount) await superuser.query(`create database ${identifier} owner gatehouse`);
	return `postgres://gatehouse:${password}@127.0.0.1:${superuser.port}/${encodeURIComponent(name)}`;
}

function superuserPassword(cluster: Cluster): Promise<string> {
	return fs.readFile(join(cluster.home, 'secret'), 'utf8');
}

/** Whoever gets the lock exclusively is the last one; unlocking first, since a closed connection ends a moment later. */
async function leave(cluster: Cluster, presence: Presence): Promise<void> {
	presence.ref();
	const question = 'select pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) as last';
	const { rows } = await presence.query<{ last: boolean }>(question, [presenceLock]).catch(() => ({ rows: [] }));
	try {
		if (rows[0]?.last) await stopServer(cluster);
	} finally {
		await presence.end();
	}
}

/** Tries ten times a second, for as long as the failure may pass. */
async function retry<T>(times: number, work: () => T | Promise<T>, mayPass = (_: unknown) => true): Promise<T> {
	for (let left = times; ; left--) {
		try {
			return await work();
		} catch (error) {
			if (left === 1 || !mayPass(error)) throw error;
			await sleep(100);
		}
	}
}

function isSqliteBusy(error: unknown): boolean {
	return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function isStartingOrStopping(error: unknown): boolean {
	const codes = ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03'];
	return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
