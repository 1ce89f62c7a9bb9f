import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { isSuspended } from '../live.ts';

/** The person behind an address, locked so that of many links asked for at once one is left. */
export const lockOwner = (db: Db, email: string) =>
	db
		.selectFrom('user')
		.where('email', '=', email)
		.where(sql<boolean>`not ${isSuspended}`)
		.where('eraseAfter', 'is', null)
		.select('id')
		.forNoKeyUpdate()
		.executeTakeFirst();

export type NewReset = { hash: string; userId: string; email: string; hours: number };

export const insertResetToken = (db: Db, { hash, userId, email, hours }: NewReset) =>
	db
		.insertInto('token')
		.values({
			hash,
			kind: 'reset',
			userId,
			email,
			expiresAt: sql<Date>`now() + make_interval(secs => ${hours * 3600})`
		})
		.execute();

export const findResetToken = (db: Db, hash: string) =>
	db
		.selectFrom('token')
		.where('hash', '=', hash)
		.where('kind', '=', 'reset')
		.select(['userId', 'email'])
		.select(sql<boolean>`expires_at <= now()`.as('expired'))
		.executeTakeFirst();

/** Takes a link out of the world; of many at once one gets it. */
export const takeResetToken = (db: Db, hash: string) =>
	db
		.deleteFrom('token')
		.where('hash', '=', hash)
		.where('kind', '=', 'reset')
		.where('expiresAt', '>', sql<Date>`now()`)
		.returning(['userId', 'email'])
		.executeTakeFirst();

/** Ends the links that were sent to a person: those to reset a password, or every kind. */
export const deleteTokens = (db: Db, userId: string, kind: 'reset' | 'all') =>
	db
		.deleteFrom('token')
		.where('userId', '=', userId)
		.$if(kind === 'reset', (query) => query.where('kind', '=', 'reset'))
		.execute();

export const findPasswordHash = async (db: Db, userId: string): Promise<string | null> =>
	(await db.selectFrom('user').where('id', '=', userId).select('passwordHash').executeTakeFirstOrThrow()).passwordHash;

/** Whoever has a password may have marked any number of browsers, which are not to outlive it. */
const ANOTHER = sql<number>`device_generation + 1`;

/** Sets a password through a link, which proves the address as well. No browser is known from before. */
export const resetPassword = (db: Db, userId: string, passwordHash: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.set({ passwordHash, deviceGeneration: ANOTHER, emailVerifiedAt: sql<Date>`coalesce(email_verified_at, now())` })
		.returning('deviceGeneration as generation')
		.executeTakeFirstOrThrow();

/** The same of the password that was proven just now; nothing when somebody else replaced it in between. */
export const replacePassword = (db: Db, userId: string, { from, to }: { from: string | null; to: string }) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.where('passwordHash', 'is not distinct from', from)
		.set({ passwordHash: to, deviceGeneration: ANOTHER })
		.returning(['email', 'deviceGeneration as generation'])
		.executeTakeFirst();

/** Takes away a person's password, and knows none of their browsers any more. */
export const voidPassword = (db: Db, userId: string) =>
	db.updateTable('user').where('id', '=', userId).set({ passwordHash: null, deviceGeneration: ANOTHER }).execute();
