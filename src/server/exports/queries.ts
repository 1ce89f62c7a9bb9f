import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db.ts';

/** Makes room for another copy: what is over goes, and what nobody can be working on any more. */
export const deletePast = (db: Db, userId: string) =>
	db
		.deleteFrom('accountExport')
		.where('userId', '=', userId)
		.where(sql<boolean>`(finished_at is not null or failed_at is not null or created_at < now() - interval '24 hours')`)
		.execute();

/** Nothing when one is under way. */
export const insertExport = (db: Db, userId: string) =>
	db
		.insertInto('accountExport')
		.values({ userId })
		.onConflict((conflict) => conflict.column('userId').doNothing())
		.returning('id')
		.executeTakeFirst();

export const deleteExport = (db: Db, userId: string) =>
	db.deleteFrom('accountExport').where('userId', '=', userId).execute();

/** Whose copy is to be made, begun anew; nothing when it is made, or was dropped. */
export const beginExport = (db: Db, id: string) =>
	db
		.updateTable('accountExport')
		.where('id', '=', id)
		.where('finishedAt', 'is', null)
		.set({ progress: 0, attempt: sql<number>`attempt + 1` })
		.returning(['id', 'userId', 'attempt'])
		.executeTakeFirst();

/** A copy, and which try at it this is. */
export type Attempt = { id: string; attempt: number };

/** Says how far a copy is; nothing when another try has begun meanwhile, or it was dropped. */
export const setProgress = (db: Db, { id, attempt }: Attempt, progress: number) =>
	db
		.updateTable('accountExport')
		.where('id', '=', id)
		.where('attempt', '=', attempt)
		.set({ progress })
		.returning('id')
		.executeTakeFirst();

export const insertPiece = (db: Db, { id, attempt }: Attempt, position: number, sealed: Buffer) =>
	db.insertInto('accountExportPiece').values({ exportId: id, attempt, position, sealed }).execute();

/** Drops what tries before this one have left. */
export const deleteOtherPieces = (db: Db, { id, attempt }: Attempt) =>
	db.deleteFrom('accountExportPiece').where('exportId', '=', id).where('attempt', '!=', attempt).execute();

/** Opens what a person has in a table, to be fetched piece by piece within the transaction. */
export const openRows = (db: Db, table: string, columns: string, theirs: RawBuilder<boolean>) =>
	sql`declare export_rows no scroll cursor for
		select ${sql.raw(columns)} from ${sql.table(table)} as t where ${theirs}`.execute(db);

/** Rows that are held at once. */
const ROWS = 500;

export async function fetchRows(db: Db): Promise<object[]> {
	const { rows } = await sql<object>`fetch ${sql.raw(String(ROWS))} from export_rows`.execute(db);
	return rows;
}

export const closeRows = (db: Db) => sql`close export_rows`.execute(db);

/** Makes the copy openable for a day; nothing when another try has begun meanwhile, or it was dropped. */
export const finishExport = (db: Db, { id, attempt }: Attempt, tokenHash: string) =>
	db
		.updateTable('accountExport')
		.where('id', '=', id)
		.where('attempt', '=', attempt)
		.where('finishedAt', 'is', null)
		.set({
			progress: 100,
			finishedAt: sql<Date>`now()`,
			expiresAt: sql<Date>`now() + interval '24 hours'`,
			tokenHash
		})
		.returning((copy) =>
			copy.selectFrom('user').whereRef('user.id', '=', 'accountExport.userId').select('user.email').as('email')
		)
		.executeTakeFirst();

export const failExport = (db: Db, id: string) =>
	db
		.updateTable('accountExport')
		.where('id', '=', id)
		.set({ failedAt: sql<Date>`now()` })
		.execute();

/** A person's newest copy, and how far it is. */
export const findExport = (db: Db, userId: string) =>
	db
		.selectFrom('accountExport')
		.where('userId', '=', userId)
		.select(['progress', 'createdAt', 'expiresAt'])
		.select(
			sql<'running' | 'ready' | 'expired' | 'failed'>`case
				when failed_at is not null then 'failed' when finished_at is null then 'running'
				when expires_at <= now() then 'expired' else 'ready'
			end`.as('status')
		)
		.executeTakeFirst();

/** The copy behind a link, for its person alone. */
export const findCopy = (db: Db, userId: string, tokenHash: string) =>
	db
		.selectFrom('accountExport')
		.where('tokenHash', '=', tokenHash)
		.where('userId', '=', userId)
		.select(['id', 'attempt', 'createdAt', 'expiresAt'])
		.select(sql<boolean>`expires_at <= now()`.as('expired'))
		.executeTakeFirst();

/** Nothing after the last one, nor when the copy was dropped meanwhile. */
export const findPiece = (db: Db, { id, attempt }: Attempt, position: number) =>
	db
		.selectFrom('accountExportPiece')
		.where('exportId', '=', id)
		.where('attempt', '=', attempt)
		.where('position', '=', position)
		.select('sealed')
		.executeTakeFirst();
