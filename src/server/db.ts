import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { DATABASE_POOL_SIZE, DATABASE_URL } from '$app/env/private';
import { log } from './log.ts';
import { timed } from './metrics/pool.ts';
import type { DB } from './schema.ts';
import { queryLog, traced } from './tracing/spans.ts';

/** A query function takes this, so it runs alike inside and outside a transaction. */
export type Db = Kysely<DB>;

/** In development a module is loaded anew at every edit; its pool must not be, or each leaves one behind. */
const kept = globalThis as { gatehousePool?: pg.Pool };

const newPool = () =>
	new pg.Pool({
		connectionString: DATABASE_URL,
		max: DATABASE_POOL_SIZE,
		connectionTimeoutMillis: 5000,
		application_name: 'gatehouse'
	});

export const pool = (kept.gatehousePool ??= traced(timed(newPool())));

// A connection that drops would otherwise end the process, idle or at work.
pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
pool.on('connect', (client) => client.on('error', (error) => log.warn({ err: error }, 'database connection lost')));

export const db: Db = new Kysely<DB>({
	dialect: new PostgresDialect({ pool }),
	log: queryLog,
	plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
});

export type Mode = 'read only' | 'read write';

/** tRPC hands the error of a step back instead of throwing it. */
const failed = (result: unknown) =>
	typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;

/** Runs `work` in one transaction: all of it is kept, or none when it throws or is a tRPC step that failed. */
export async function transaction<T>(work: (tx: Db) => Promise<T>, mode: Mode = 'read write'): Promise<T> {
	const tx = await db.startTransaction().setAccessMode(mode).execute();
	try {
		const result = await work(tx);
		await (failed(result) ? tx.rollback() : tx.commit()).execute();
		return result;
	} catch (error) {
		// A rollback fails only with its connection, and then there is nothing left to roll back.
		await tx
			.rollback()
			.execute()
			.catch(() => undefined);
		throw error;
	}
}

/**
 * Runs `work` unless another process is at it, and answers whether it ran. The lock is on a connection of its own and
 * ends with it, however this process ends; a connection of the pool would be missing there all the while.
 */
export async function alone(lock: number, work: () => Promise<void>): Promise<boolean> {
	const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5000 });
	client.on('error', (error) => log.warn({ err: error }, 'lock lost'));
	await client.connect();
	try {
		const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [lock]);
		const held = rows[0]!.held;
		if (held) await work();
		return held;
	} finally {
		await client.end();
	}
}

/** The violation of a constraint, if `error` is one as PostgreSQL tells it. */
export const violation = (error: unknown): pg.DatabaseError | undefined =>
	error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error : undefined;

/** True when `error` is PostgreSQL's violation of the named constraint. */
export const violates = (error: unknown, constraint: string): boolean => violation(error)?.constraint === constraint;

/** True when a transaction waited too long for others, or they for each other. */
export const isHeldUp = (error: unknown): boolean =>
	error instanceof pg.DatabaseError && (error.code === '55P03' || error.code === '40P01');

/** Classes of PostgreSQL's errors that say it cannot serve now: connection, resources, operator intervention. */
const AWAY = /^(?:08|53|57)/;

/** True when the database is away: refused, cut off, starting, stopping or out of connections. */
export function isAway(error: unknown): boolean {
	if (error instanceof AggregateError) return error.errors.some(isAway);
	if (error instanceof pg.DatabaseError) return AWAY.test(error.code ?? '');
	if (!(error instanceof Error)) return false;
	const code = 'code' in error ? String(error.code) : '';
	return (
		/^E(CONN|PIPE|HOSTUNREACH|NOTFOUND|AI_AGAIN|TIMEDOUT)/.test(code) ||
		/^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
			error.message
		)
	);
}
