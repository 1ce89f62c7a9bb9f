import { sql } from 'kysely';
import { db } from '../db.ts';
import { log } from '../log.ts';

/** Whether this process can serve: its database answers. */
export async function isReady(): Promise<boolean> {
	try {
		await sql`select 1`.execute(db);
		return true;
	} catch (error) {
		log.warn({ err: error }, 'database not reachable');
		return false;
	}
}
