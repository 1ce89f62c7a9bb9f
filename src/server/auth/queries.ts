import type { Db } from '../db.ts';

/** What a sign-in needs to know of a person, found by address or by username. */
export const findCredentials = (db: Db, by: 'email' | 'username', value: string) =>
	db
		.selectFrom('user')
		.where(by, '=', value)
		.select(['id', 'passwordHash', 'emailVerifiedAt', 'suspendedAt'])
		.executeTakeFirst();

/** Replaces a hash by a stronger one of the same password, unless the password was changed meanwhile. */
export const upgradeHash = (db: Db, userId: string, { from, to }: { from: string; to: string }) =>
	db.updateTable('user').where('id', '=', userId).where('passwordHash', '=', from).set({ passwordHash: to }).execute();

/** Whether a person may sign in, locked so that their sign-ins come one after the other. */
export const lockStanding = (db: Db, userId: string) =>
	db.selectFrom('user').where('id', '=', userId).select('suspendedAt').forNoKeyUpdate().executeTakeFirstOrThrow();

export type SessionRow = {
	id: string;
	userId: string;
	remembered: boolean;
	ip: string;
	device: string;
	expiresAt: Date;
};

export const insertSession = (db: Db, { id, userId, remembered, ip, device, expiresAt }: SessionRow) =>
	db.insertInto('session').values({ id, userId, remembered, ip, device, expiresAt }).execute();

export const deleteSession = (db: Db, id: string) => db.deleteFrom('session').where('id', '=', id).execute();

/** Ends the least recently used of a person's sessions until `keep` are left. */
export const trimSessions = (db: Db, userId: string, keep: number) =>
	db
		.deleteFrom('session')
		.where('id', 'in', (old) =>
			old
				.selectFrom('session')
				.where('userId', '=', userId)
				.select('id')
				.orderBy('lastSeenAt', 'desc')
				.orderBy('createdAt', 'desc')
				.offset(keep)
		)
		.execute();

/** Ends a person's sessions, all of them or all but one. */
export const deleteSessions = (db: Db, userId: string, exceptId: string | null = null) =>
	db
		.deleteFrom('session')
		.where('userId', '=', userId)
		.$if(exceptId !== null, (query) => query.where('id', '!=', exceptId!))
		.execute();

/** Gives a session a new id: what knew the old one opens nothing any more. */
export const renameSession = (db: Db, from: string, to: string) =>
	db.updateTable('session').where('id', '=', from).set({ id: to }).execute();

/** The organisations of a person, by name. */
export const listMemberships = (db: Db, userId: string) =>
	db
		.selectFrom('membership')
		.innerJoin('org', 'org.id', 'membership.orgId')
		.where('membership.userId', '=', userId)
		.select(['org.slug', 'org.name', 'membership.role'])
		.orderBy('org.name')
		.orderBy('org.slug')
		.execute();
