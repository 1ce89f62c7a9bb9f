import { sql } from 'kysely';
import type { Standing } from '#lib/standing.ts';
import type { Db } from '../../db.ts';
import { isLive, isSuspended } from '../../live.ts';

export const standing = sql<Standing>`case
	when ${isSuspended} then 'suspended' when deactivated_at is null then 'active' else 'deactivated'
end`;

/** All that is known of a person but what they have and did. */
export const findPerson = (db: Db, id: string) =>
	db
		.selectFrom('user')
		.where('id', '=', id)
		.select(['id', 'email', 'username', 'firstName', 'lastName', 'avatarUrl', 'timeZone', 'createdAt', 'lastSeenAt'])
		.select([
			'sysAdmin',
			'emailVerifiedAt',
			'deactivatedAt',
			'eraseAfter',
			'suspendedAt',
			'suspendedUntil',
			'suspensionReason'
		])
		.select([standing.as('standing'), sql<boolean>`password_hash is not null`.as('hasPassword')])
		.executeTakeFirst();

/** What a person has is shown up to here: more would help nobody, and nobody has it. */
const MOST = 100;

export const listOrgs = (db: Db, userId: string) =>
	db
		.selectFrom('membership')
		.innerJoin('org', 'org.id', 'membership.orgId')
		.where('membership.userId', '=', userId)
		.select(['org.slug', 'org.name', 'membership.role', 'membership.createdAt as joinedAt'])
		.select(sql<boolean>`org.suspended_at is not null`.as('isSuspended'))
		.orderBy('membership.createdAt', 'desc')
		.limit(MOST)
		.execute();

/** The sessions that go on, the last used first; `idle` is in seconds. */
export const listSessions = (db: Db, userId: string, idle: number) =>
	db
		.selectFrom('session')
		.where('userId', '=', userId)
		.where(isLive(idle))
		.select(['handle as id', 'createdAt', 'lastSeenAt', 'ip', 'device'])
		.orderBy('lastSeenAt', 'desc')
		.orderBy('createdAt', 'desc')
		.execute();

/** The keys that act in a person's name, the newest first; those, too, that are dead, or while their person is shut out. */
export const listKeys = (db: Db, userId: string) =>
	db
		.selectFrom('apiKey')
		.innerJoin('org', 'org.id', 'apiKey.orgId')
		.innerJoin('user', 'user.id', 'apiKey.makerId')
		.where('apiKey.makerId', '=', userId)
		.select(['apiKey.id', 'apiKey.name', 'apiKey.role', 'apiKey.createdAt', 'apiKey.lastUsedAt'])
		.select(['org.slug', 'org.name as orgName'])
		.select(
			sql<boolean>`api_key.revoked_at is null and coalesce(api_key.expires_at > now(), true)
				and org.suspended_at is null and deactivated_at is null and not ${isSuspended}`.as('isLive')
		)
		.orderBy('apiKey.createdAt', 'desc')
		.limit(MOST)
		.execute();

/** A person's standing, with the lock under which it changes. */
export const lockPerson = (db: Db, id: string) =>
	db
		.selectFrom('user')
		.where('id', '=', id)
		.select(['email', 'sysAdmin', sql<boolean>`email_verified_at is not null`.as('verified')])
		.select([isSuspended.as('isSuspended'), sql<boolean>`erase_after is not null`.as('isDeleted')])
		.forNoKeyUpdate()
		.executeTakeFirst();

export const verify = (db: Db, id: string) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({ emailVerifiedAt: sql<Date>`now()` })
		.execute();

export type Suspension = { reason: string; until: Date | null };

/** Suspends a person, or gives a suspension that goes on another reason and end. */
export const suspend = (db: Db, id: string, { reason, until }: Suspension) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({
			suspendedAt: sql<Date>`case when ${isSuspended} then suspended_at else now() end`,
			suspendedUntil: until,
			suspensionReason: reason
		})
		.execute();

export const activate = (db: Db, id: string) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({ suspendedAt: null, suspendedUntil: null, suspensionReason: null })
		.execute();

export const setSysAdmin = (db: Db, id: string, sysAdmin: boolean) =>
	db.updateTable('user').where('id', '=', id).set({ sysAdmin }).execute();
