import { sql } from 'kysely';
import type { Db } from '../db.ts';

export type SignUp = {
	email: string;
	passwordHash: string;
	browserHash: string;
	username: string | null;
	firstName: string | null;
	lastName: string | null;
	organizationName: string | null;
};

/** How long a sign-up waits for its click, in hours; a link sent again counts anew. */
const LIFETIME = sql<Date>`now() + interval '24 hours'`;

export const insertSignUp = (db: Db, signUp: SignUp) =>
	db
		.insertInto('signUp')
		.values({
			email: signUp.email,
			passwordHash: signUp.passwordHash,
			browserHash: signUp.browserHash,
			username: signUp.username,
			firstName: signUp.firstName,
			lastName: signUp.lastName,
			organizationName: signUp.organizationName,
			expiresAt: LIFETIME
		})
		.returning('id')
		.executeTakeFirstOrThrow();

/** Gives a sign-up a new link, which ends the one before. Nothing when it was used, or dropped, meanwhile. */
export const renewSignUp = (db: Db, id: string, tokenHash: string) =>
	db
		.updateTable('signUp')
		.where('id', '=', id)
		.set({ tokenHash, expiresAt: LIFETIME })
		.returning('id')
		.executeTakeFirst();

export const findSignUp = (db: Db, id: string) =>
	db.selectFrom('signUp').where('id', '=', id).select('email').executeTakeFirst();

export const findSignUpByToken = (db: Db, tokenHash: string) =>
	db
		.selectFrom('signUp')
		.where('tokenHash', '=', tokenHash)
		.select(['email', 'passwordHash', 'browserHash'])
		.select(sql<boolean>`expires_at <= now()`.as('expired'))
		.executeTakeFirst();

/** The sign-up that a person means who names only the address: this browser's, else the newest; its link may have expired. */
export const findSignUpByEmail = (db: Db, email: string, browserHash: string | null) =>
	db
		.selectFrom('signUp')
		.where('email', '=', email)
		.select('id')
		.orderBy(sql`browser_hash = ${browserHash ?? ''}`, 'desc')
		.orderBy('createdAt', 'desc')
		.limit(1)
		.executeTakeFirst();

/** Locks all sign-ups of addresses, in one order, so that two links used at once cannot wait for each other. */
export const lockSignUps = (db: Db, emails: string[]) =>
	db.selectFrom('signUp').where('email', 'in', emails).selectAll().orderBy('id').forUpdate().execute();

export const deleteSignUps = (db: Db, emails: string[]) =>
	db.deleteFrom('signUp').where('email', 'in', emails).execute();
