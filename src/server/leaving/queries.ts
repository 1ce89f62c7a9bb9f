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

/** How long somebody may come back who deleted their account. */
const GRACE = sql<Date>`now() + interval '14 days'`;

/**
 * The same for good: nothing lets them in, and after `GRACE`, or else at once, they are to be erased. Nothing when they
 * are gone.
 */
export const depart = (db: Db, userId: string, atOnce = false) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.set({
			deactivatedAt: sql<Date>`coalesce(deactivated_at, now())`,
			eraseAfter: atOnce ? sql<Date>`now()` : GRACE,
			deviceGeneration: sql<number>`device_generation + 1`
		})
		.returning(['id', 'email', 'sysAdmin', sql<Date>`erase_after`.as('eraseAfter')])
		.executeTakeFirst();

/** Takes that back; nothing when there is nothing to take back. The caller holds the person's lock. */
export const comeBack = (db: Db, userId: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.where('eraseAfter', 'is not', null)
		.set({ deactivatedAt: null, eraseAfter: null })
		.returning('email')
		.executeTakeFirst();

/** Locks a person, before their links. */
export const lockPerson = (db: Db, userId: string) =>
	db.selectFrom('user').where('id', '=', userId).select('id').forNoKeyUpdate().execute();

/** Locks the organisations that a person administers, in one order: two admins who leave at once see each other. */
export const lockAdministered = (db: Db, userId: string) =>
	db
		.selectFrom('org')
		.where('id', 'in', (own) =>
			own.selectFrom('membership').where('userId', '=', userId).where('role', '=', 'org_admin').select('orgId')
		)
		.select('id')
		.orderBy('id')
		.forNoKeyUpdate()
		.execute();

/** The organisations that have people in them, and nobody but this person to administer them; by name. */
export async function listStranded(db: Db, userId: string) {
	const { rows } = await sql<{ name: string; slug: string }>`
		select org.name, org.slug
		from membership as mine join org on org.id = mine.org_id
		where mine.user_id = ${userId} and mine.role = 'org_admin'
			and exists (
				select from membership as other join "user" on "user".id = other.user_id
				where other.org_id = org.id and other.user_id <> mine.user_id and erase_after is null
			)
			and not exists (
				select from membership as other join "user" on "user".id = other.user_id
				where other.org_id = org.id and other.user_id <> mine.user_id and other.role = 'org_admin'
					and deactivated_at is null and not is_suspended("user")
			)
		order by org.name, org.slug`.execute(db);
	return rows;
}

/** The organisations that nobody but this person belongs to, so that they go with them; by name. */
export const listAlone = (db: Db, userId: string) =>
	db
		.selectFrom('membership as mine')
		.innerJoin('org', 'org.id', 'mine.orgId')
		.where('mine.userId', '=', userId)
		.where((row) =>
			row.not(
				row.exists(
					row
						.selectFrom('membership as other')
						.whereRef('other.orgId', '=', 'mine.orgId')
						.where('other.userId', '!=', userId)
				)
			)
		)
		.select(['org.name', 'org.slug'])
		.orderBy('org.name')
		.execute();

export const insertRestoration = (db: Db, userId: string, tokenHash: string, expiresAt: Date) =>
	db.insertInto('restoration').values({ userId, tokenHash, expiresAt }).execute();

/** A way back: whose it is, unless they are erased by now. */
export const findRestoration = (db: Db, tokenHash: string) =>
	db
		.selectFrom('restoration')
		.leftJoin('user', 'user.id', 'restoration.userId')
		.where('tokenHash', '=', tokenHash)
		.select(['restoration.userId', 'user.email', 'restoration.expiresAt'])
		.select(sql<boolean>`expires_at <= now()`.as('expired'))
		.executeTakeFirst();

/** Uses a way back up; of many at once one gets it. */
export const takeRestoration = (db: Db, tokenHash: string) =>
	db.deleteFrom('restoration').where('tokenHash', '=', tokenHash).returning('userId').executeTakeFirst();

export const deleteRestorations = (db: Db, userId: string) =>
	db.deleteFrom('restoration').where('userId', '=', userId).execute();
