import { sql } from 'kysely';
import type { Db } from '../db.ts';

/** Lets nobody see a person any more; locks them, and answers their address. */
export const deactivate = (db: Db, userId: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.set({ deactivatedAt: sql<Date>`now()` })
		.returning('email')
		.executeTakeFirstOrThrow();
