import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { isSuspended } from '../live.ts';

/** How long a link works, to confirm a change and to undo it; one sent again counts anew. */
const LIFETIME = sql<Date>`now() + interval '24 hours'`;

const isOver = sql<boolean>`expires_at <= now()`;

/**
 * The address of a person, and whether they may act; whatever changes it takes turns here. The lock is the one that the
 * change itself needs: taken later, it could wait for somebody who waits for this one.
 */
export const lockOwner = (db: Db, userId: string) =>
	db.selectFrom('user').where('id', '=', userId).select('email').forUpdate().executeTakeFirst();

/** Makes an address a person's; one that has an account violates `user_email_key`. */
export const updateAddress = (db: Db, userId: string, email: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.set({ email, emailVerifiedAt: sql<Date>`now()` })
		.execute();

/**
 * Takes back that a person deleted their account, if they did and are not to be erased by now: who had its address first
 * leads it back from there, too.
 */
export const keepAccount = (db: Db, userId: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.where('eraseAfter', '>', sql<Date>`clock_timestamp()`)
		.set({ eraseAfter: null, deactivatedAt: null })
		.execute();

/** Lets a person's change wait, in place of the one before. Its link comes later, if at all. */
export const putChange = (db: Db, userId: string, email: string) =>
	db
		.insertInto('emailChange')
		.values({ userId, email })
		.onConflict((earlier) =>
			earlier.column('userId').doUpdateSet({
				id: sql<string>`gen_random_uuid()`,
				email,
				tokenHash: null,
				lost: false,
				createdAt: sql<Date>`now()`,
				expiresAt: LIFETIME
			})
		)
		.returning('id')
		.executeTakeFirstOrThrow();

/** Ends the link of a waiting change, which then waits for a new one. Nothing when none waits. */
export const renewChange = (db: Db, userId: string) =>
	db
		.updateTable('emailChange')
		.where('userId', '=', userId)
		.where('expiresAt', '>', sql<Date>`now()`)
		.set({ id: sql<string>`gen_random_uuid()`, tokenHash: null, lost: false, expiresAt: LIFETIME })
		.returning('id')
		.executeTakeFirst();

/** The address that a person's change waits for; nothing when none waits. */
export const findPendingEmail = async (db: Db, userId: string): Promise<string | undefined> =>
	(
		await db
			.selectFrom('emailChange')
			.where('userId', '=', userId)
			.where('expiresAt', '>', sql<Date>`now()`)
			.select('email')
			.executeTakeFirst()
	)?.email;

/** A change that waits for its link, and the address it would replace. */
export const findUnsentChange = (db: Db, id: string) =>
	db
		.selectFrom('emailChange as change')
		.innerJoin('user', 'user.id', 'change.userId')
		.where('change.id', '=', id)
		.where(sql<boolean>`not ${isSuspended}`)
		.select(['change.email', 'user.email as from'])
		.executeTakeFirst();

/** Gives a change its link; nothing when it was cancelled or replaced meanwhile. */
export const setToken = (db: Db, id: string, tokenHash: string) =>
	db.updateTable('emailChange').where('id', '=', id).set({ tokenHash }).returning('id').executeTakeFirst();

export const findChange = (db: Db, tokenHash: string) =>
	db
		.selectFrom('emailChange as change')
		.innerJoin('user', 'user.id', 'change.userId')
		.where('change.tokenHash', '=', tokenHash)
		.select(['change.userId', 'change.email', 'change.lost', 'user.email as from'])
		.select(isSuspended.as('isSuspended'))
		.select(isOver.as('expired'))
		.executeTakeFirst();

/** Locks all changes to an address, and a person's own, in one order: two who lock them cannot wait for each other. */
export const lockChanges = (db: Db, email: string, userId: string | null = null) =>
	db
		.selectFrom('emailChange')
		.where((change) => change.or([change('email', '=', email), change('userId', '=', userId)]))
		.select('id')
		.orderBy('userId')
		.forUpdate()
		.execute();

/** Lets the changes to an address lose, which somebody has proven otherwise; how many did. The caller has locked them. */
export async function loseChanges(db: Db, email: string): Promise<number> {
	const { numUpdatedRows } = await db
		.updateTable('emailChange')
		.where('email', '=', email)
		.where('lost', '=', false)
		.set({ lost: true })
		.executeTakeFirst();
	return Number(numUpdatedRows);
}

/** Ends a person's change; nothing when none waits. */
export const deleteChange = (db: Db, userId: string) =>
	db.deleteFrom('emailChange').where('userId', '=', userId).returning(isOver.as('expired')).executeTakeFirst();

export const insertUndo = (db: Db, undo: { tokenHash: string; userId: string; email: string }) =>
	db.insertInto('emailUndo').values({ tokenHash: undo.tokenHash, userId: undo.userId, email: undo.email }).execute();

/** Lets the ways back to an address work as long as the newest of them. */
export const prolongUndos = (db: Db, userId: string, email: string) =>
	db
		.updateTable('emailUndo')
		.where('userId', '=', userId)
		.where('email', '=', email)
		.where('expiresAt', '>', sql<Date>`now()`)
		.set({ expiresAt: LIFETIME })
		.execute();

/** A way back: the address it leads to, the present one, and the one that waits to replace it. */
export const findUndo = (db: Db, tokenHash: string) =>
	db
		.selectFrom('emailUndo as undo')
		.innerJoin('user', 'user.id', 'undo.userId')
		.leftJoin('emailChange as change', (join) =>
			join.onRef('change.userId', '=', 'undo.userId').on('change.expiresAt', '>', sql<Date>`now()`)
		)
		.where('undo.tokenHash', '=', tokenHash)
		.select(['undo.userId', 'undo.email', 'user.email as present', 'change.email as pending'])
		.select(isSuspended.as('isSuspended'))
		.select(sql<boolean>`undo.expires_at <= now()`.as('expired'))
		.executeTakeFirst();

/**
 * Uses up the ways back to an address, and every later one with them: from wherever the account went, who had it first
 * leads it back.
 */
export function takeUndos(db: Db, userId: string, email: string) {
	const first = db
		.selectFrom('emailUndo')
		.where('userId', '=', userId)
		.where('email', '=', email)
		.where('expiresAt', '>', sql<Date>`now()`)
		.select((undo) => undo.fn.min('id').as('id'));
	return db.deleteFrom('emailUndo').where('userId', '=', userId).where('id', '>=', first).execute();
}
