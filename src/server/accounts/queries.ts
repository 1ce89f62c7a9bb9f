import { sql } from 'kysely';
import type { AccountAction } from '#lib/activity.ts';
import type { Db } from '../db.ts';
import { nameOf, names, type Names } from '../names.ts';

export type NewAccount = {
	email: string;
	passwordHash: string | null;
	username: string | null;
	firstName: string | null;
	lastName: string | null;
	avatarUrl?: string | null;
	/** Where nobody has proven the address yet; whoever sets a password by a link does. */
	isUnproven?: true;
};

/** A new person; nothing when the address or the username is taken. */
export const insertAccount = (db: Db, account: NewAccount) =>
	db
		.insertInto('user')
		.values({
			email: account.email,
			passwordHash: account.passwordHash,
			username: account.username,
			firstName: account.firstName,
			lastName: account.lastName,
			avatarUrl: account.avatarUrl,
			emailVerifiedAt: account.isUnproven ? null : new Date()
		})
		.onConflict((conflict) => conflict.doNothing())
		.returning(['id', 'username'])
		.executeTakeFirst();

export const findAccountByEmail = (db: Db, email: string) =>
	db.selectFrom('user').where('email', '=', email).select(['id', 'eraseAfter']).executeTakeFirst();

/** Whether one of these hashes is that of a name which is still kept for somebody who was erased. */
export const isKept = async (db: Db, hashes: string[]): Promise<boolean> =>
	(await db
		.selectFrom('keptName')
		.where(sql<boolean>`hash = any(${hashes}::text[])`)
		.where('until', '>', sql<Date>`now()`)
		.select('hash')
		.executeTakeFirst()) !== undefined;

/** Keeps a name from now on, also one that was kept before. */
export const keepName = (db: Db, hash: string) =>
	db
		.insertInto('keptName')
		.values({ hash })
		.onConflict((kept) => kept.column('hash').doUpdateSet({ until: (row) => row.ref('excluded.until') }))
		.execute();

export const clearUsername = (db: Db, id: string) =>
	db.updateTable('user').where('id', '=', id).set({ username: null }).execute();

export const findProfile = (db: Db, id: string) =>
	db
		.selectFrom('user')
		.where('id', '=', id)
		.select(['email', 'username', 'firstName', 'lastName', 'timeZone', 'avatarUrl', 'createdAt'])
		.select(sql<boolean>`password_hash is not null`.as('hasPassword'))
		.select((row) =>
			row
				.selectFrom('emailChange')
				.whereRef('userId', '=', 'user.id')
				.where('expiresAt', '>', sql<Date>`now()`)
				.select('emailChange.email')
				.as('pendingEmail')
		)
		.executeTakeFirstOrThrow();

/** What a profile says before it changes, locked, so that of two changes each knows what was there. */
export const lockProfile = (db: Db, id: string) =>
	db
		.selectFrom('user')
		.where('id', '=', id)
		.select(['username', 'firstName', 'lastName', 'timeZone'])
		.forNoKeyUpdate()
		.executeTakeFirstOrThrow();

export type ProfileChange = {
	username?: string | null;
	firstName?: string | null;
	lastName?: string | null;
	timeZone?: string | null;
};

/** Changes what is given; what is undefined stays. The id is set to itself, for an empty SET is no statement. */
export const updateProfile = (db: Db, id: string, { username, firstName, lastName, timeZone }: ProfileChange) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({ id, username, firstName, lastName, timeZone })
		.returning(['username', 'firstName', 'lastName', 'timeZone'])
		.executeTakeFirstOrThrow();

export type NewEvent = {
	userId: string;
	/** Who acted for them. */
	impersonatorId: string | null;
	action: AccountAction;
	details: object;
	ip: string;
	device: string;
	requestId: string;
};

export const insertEvent = (db: Db, event: NewEvent) =>
	db
		.insertInto('accountEvent')
		.values({
			userId: event.userId,
			impersonatorId: event.impersonatorId,
			action: event.action,
			details: JSON.stringify(event.details),
			ip: event.ip,
			device: event.device,
			requestId: event.requestId
		})
		.execute();

/** What happened to a person's account, newest first. */
export const selectEvents = (db: Db, userId: string) =>
	db
		.selectFrom('accountEvent')
		.where('userId', '=', userId)
		.select(['id', 'at', 'action', 'details', 'ip', 'device', 'impersonatorId'])
		.select(
			sql<Names | null>`(
				select ${names}
				from "user" operator where operator.id = account_event.impersonator_id
			)`.as('operator')
		)
		.orderBy('at', 'desc')
		.orderBy('id', 'desc');

export async function listEvents(db: Db, userId: string, after: [Date, string] | undefined, limit: number) {
	const rows = await selectEvents(db, userId)
		.$if(after !== undefined, (query) => query.where(sql<boolean>`(at, id) < (${after![0]}, ${after![1]})`))
		.limit(limit)
		.execute();
	return rows.map(({ operator, impersonatorId, ...event }) => ({
		...event,
		impersonator: impersonatorId === null ? null : { name: nameOf(operator) }
	}));
}
