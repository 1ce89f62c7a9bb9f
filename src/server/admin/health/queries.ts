import { sql } from 'kysely';
import type { Db } from '../../db.ts';

export const ping = (db: Db) => sql`select 1`.execute(db);

/** The last migration is the one that was applied last, and `size` is in bytes. */
type Database = { postgres: string; size: number; connections: number; most: number; migration: string };

export async function findDatabase(db: Db): Promise<Database> {
	const { rows } = await sql<Database>`
		select current_setting('server_version') as postgres,
			pg_database_size(current_database())::float8 as size,
			(select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
			current_setting('max_connections')::int as most,
			(select replace(max(name), '.sql', '') from migration) as migration`.execute(db);
	return rows[0]!;
}
