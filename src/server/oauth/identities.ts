import { sql } from 'kysely';
import type { ProviderId } from '#lib/oauth.ts';
import type { Db } from '../db.ts';

/** Whoever brings the same identity at this moment waits until this transaction ends, and then finds what it made. */
export const lockIdentity = (db: Db, provider: ProviderId, subject: string) =>
	sql`select pg_advisory_xact_lock(hashtextextended(${`${provider} ${subject}`}, 0))`.execute(db);

export const findIdentity = (db: Db, provider: ProviderId, subject: string) =>
	db
		.selectFrom('identity')
		.where('provider', '=', provider)
		.where('subject', '=', subject)
		.select('userId')
		.executeTakeFirst();

export type NewIdentity = { provider: ProviderId; subject: string; userId: string; email: string | null };

/** Nothing when the identity is somebody's already, or the person has another one of this provider. */
export const insertIdentity = (db: Db, { provider, subject, userId, email }: NewIdentity) =>
	db
		.insertInto('identity')
		.values({ provider, subject, userId, email })
		.onConflict((conflict) => conflict.doNothing())
		.returning('userId')
		.executeTakeFirst();

export const listConnections = (db: Db, userId: string) =>
	db
		.selectFrom('identity')
		.where('userId', '=', userId)
		.select(['provider', 'email', 'linkedAt'])
		.orderBy('linkedAt')
		.orderBy('provider')
		.execute();

/** Takes a connection away unless it is the last way in, by what is offered; the caller holds the person's lock. */
export const deleteIdentity = (db: Db, userId: string, provider: ProviderId, offered: ProviderId[]) =>
	db
		.deleteFrom('identity')
		.where('userId', '=', userId)
		.where('provider', '=', provider)
		.where((row) =>
			row.or([
				row.exists(row.selectFrom('user').where('id', '=', userId).where('passwordHash', 'is not', null)),
				row.exists(
					row
						.selectFrom('identity as other')
						.where('userId', '=', userId)
						.where('provider', '!=', provider)
						.where(sql<boolean>`provider = any(${offered}::text[])`)
				)
			])
		)
		.returning('email')
		.executeTakeFirst();

/** Takes away all that a person connected. */
export const deleteIdentities = (db: Db, userId: string) =>
	db.deleteFrom('identity').where('userId', '=', userId).returning('provider').execute();
