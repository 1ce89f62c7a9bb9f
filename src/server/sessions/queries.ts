import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { isLive } from '../live.ts';
import { names, type Names } from '../names.ts';

/**
 * A person's live sessions: the one that asks, then the last used first; and of those in which an operator acts as them,
 * who that is. `idle` is in seconds.
 */
export const listSessions = (db: Db, userId: string, currentId: string, idle: number) =>
	db
		.selectFrom('session')
		.where('userId', '=', userId)
		.where(isLive(idle))
		.select(['handle as id', 'createdAt', 'lastSeenAt', 'ip', 'device'])
		.select(sql<boolean>`session.id = ${currentId}`.as('current'))
		.select(
			sql<Names | null>`(
				select ${names}
				from session own join "user" on "user".id = own.user_id where own.id = session.impersonator_session_id
			)`.as('operator')
		)
		.orderBy('current', 'desc')
		.orderBy('lastSeenAt', 'desc')
		.orderBy('createdAt', 'desc')
		.execute();

/** A person's address, with the lock under which their sessions begin and end. */
export const lockPerson = (db: Db, id: string) =>
	db.selectFrom('user').where('id', '=', id).select('email').forNoKeyUpdate().executeTakeFirstOrThrow();

/** Ends one of a person's live sessions, by its handle. */
export const deleteSession = (db: Db, userId: string, handle: string, idle: number) =>
	db
		.deleteFrom('session')
		.where('userId', '=', userId)
		.where('handle', '=', handle)
		.where(isLive(idle))
		.returning(['id', 'device', 'ip'])
		.executeTakeFirst();

/** Ends a person's sessions but one, or all, and tells which of them would have gone on. */
export const deleteOtherSessions = (db: Db, userId: string, exceptId: string | null, idle: number) =>
	db
		.deleteFrom('session')
		.where('userId', '=', userId)
		.where('id', 'is distinct from', exceptId)
		.returning(['device', isLive(idle).as('isLive')])
		.execute();
