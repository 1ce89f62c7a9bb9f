import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import { lesserBound, type Features } from '#lib/plans.ts';
import { keyPermissions, type KeyPermission, type KeyRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';
import { isSuspended } from '../live.ts';

/** What a key may do, and how often, from where and until when; null is without an end. */
export type Bounds = {
	role: KeyRole;
	permissions: KeyPermission[] | null;
	expiresAt: Date | null;
	ratePerMinute: number | null;
	monthlyCalls: number | null;
	allowedIps: string[] | null;
};

export type Secret = { hash: string; prefix: string };
export type NewKey = Bounds & Secret & { name: string; makerId: string };

const BOUNDS = ['role', 'permissions', 'expiresAt', 'ratePerMinute', 'monthlyCalls', 'allowedIps'] as const;

/** What only goes on as dead counts against no quota: keys whose life is over end here. */
export const endExpired = (db: Db, orgId: string) =>
	db
		.updateTable('apiKey')
		.where('orgId', '=', orgId)
		.where('revokedAt', 'is', null)
		.where('expiresAt', '<=', sql<Date>`now()`)
		.set({ revokedAt: sql<Date>`expires_at` })
		.execute();

export const insertKey = (db: Db, orgId: string, { hash, prefix, ...key }: NewKey) =>
	db
		.with('made', (made) =>
			made
				.insertInto('apiKey')
				.values({
					orgId,
					makerId: key.makerId,
					name: key.name,
					role: key.role,
					permissions: key.permissions,
					expiresAt: key.expiresAt,
					ratePerMinute: key.ratePerMinute,
					monthlyCalls: key.monthlyCalls,
					allowedIps: key.allowedIps
				})
				.returning(['id', 'createdAt'])
		)
		.with('opened', (opened) =>
			opened
				.insertInto('apiKeySecret')
				.columns(['keyId', 'hash', 'prefix'])
				.expression((row) =>
					row.selectFrom('made').select(['made.id as keyId', sql.val(hash).as('hash'), sql.val(prefix).as('prefix')])
				)
		)
		.selectFrom('made')
		.select(['id', 'createdAt'])
		.executeTakeFirstOrThrow();

/** Where a page of keys ended. */
export type KeyPlace = [createdAt: Date, id: string];

export const keysOf = (db: Db, orgId: string) => db.selectFrom('apiKey').where('apiKey.orgId', '=', orgId);

const described = (db: Db, orgId: string) =>
	keysOf(db, orgId)
		.innerJoin('apiKeySecret', (secret) =>
			secret.onRef('apiKeySecret.keyId', '=', 'apiKey.id').on('apiKeySecret.expiresAt', 'is', null)
		)
		.innerJoin('org', 'org.id', 'apiKey.orgId')
		.leftJoin('user', (maker) => maker.onRef('user.id', '=', 'apiKey.makerId').on('user.deactivatedAt', 'is', null))
		.select(['apiKey.id', 'apiKey.name', 'apiKeySecret.prefix', 'apiKey.createdAt', 'apiKey.revokedAt'])
		.select(['apiKey.lastUsedAt', 'apiKey.lastUsedIp', 'apiKey.role', 'apiKey.permissions', 'apiKey.expiresAt'])
		.select(['apiKey.ratePerMinute', 'apiKey.monthlyCalls', 'apiKey.allowedIps'])
		.select([sql<Record<string, number>>`org.limits`.as('limits'), sql<Features>`org.features`.as('features')])
		.select(['user.id as makerId', 'user.email', 'user.username', 'user.firstName', 'user.lastName'])
		.select(
			sql<'live' | 'expired' | 'revoked' | 'maker_left' | 'maker_away' | 'maker_suspended'>`case
				when api_key.maker_id is null then 'maker_left'
				when api_key.revoked_at < api_key.expires_at or api_key.revoked_at is not null and api_key.expires_at is null
					then 'revoked'
				when api_key.expires_at <= now() then 'expired'
				when "user".id is null then 'maker_away'
				when ${isSuspended} then 'maker_suspended'
				else 'live'
			end`.as('status')
		);

type Row = Awaited<ReturnType<ReturnType<typeof described>['executeTakeFirstOrThrow']>>;

/** A key as it is listed; `effective` are the calls that it may make, never more than its organisation's plan allows. */
function toKey({ makerId, email, username, firstName, lastName, limits, features, ...key }: Row) {
	const maker = makerId && email ? { id: makerId, name: displayName({ email, username, firstName, lastName }) } : null;
	const effective = {
		ratePerMinute: lesserBound(key.ratePerMinute, limits['*']),
		monthlyCalls: lesserBound(key.monthlyCalls, features.api_calls ?? 0)
	};
	return { ...key, permissions: keyPermissions(key.role, key.permissions), effective, maker };
}

/** Newest first; one more than `limit`, which tells whether there are more. */
export async function listKeys(
	db: Db,
	orgId: string,
	{ after, limit }: { after: KeyPlace | undefined; limit: number }
) {
	const rows = await described(db, orgId)
		.$if(after !== undefined, (keys) =>
			keys.where(sql<boolean>`(api_key.created_at, api_key.id) < (${after![0]}, ${after![1]}::uuid)`)
		)
		.orderBy('apiKey.createdAt', 'desc')
		.orderBy('apiKey.id', 'desc')
		.limit(limit + 1)
		.execute();
	return rows.map(toKey);
}

export async function findKey(db: Db, orgId: string, id: string) {
	const row = await described(db, orgId).where('apiKey.id', '=', id).executeTakeFirst();
	return row && toKey(row);
}

/** A key that is neither revoked nor over, locked; `null` where it is, nothing where there is none. */
export async function lockLiveKey(db: Db, orgId: string, id: string) {
	const found = await keysOf(db, orgId)
		.where('id', '=', id)
		.select(['id', 'name', ...BOUNDS])
		.select(sql<boolean>`revoked_at is null and (expires_at is null or expires_at > now())`.as('isLive'))
		.forNoKeyUpdate()
		.executeTakeFirst();
	if (!found) return undefined;
	const { isLive, ...key } = found;
	return isLive ? key : null;
}

export const updateKey = (db: Db, orgId: string, id: string, key: Bounds & { name: string }) =>
	db
		.updateTable('apiKey')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.set({
			name: key.name,
			role: key.role,
			permissions: key.permissions,
			expiresAt: key.expiresAt,
			ratePerMinute: key.ratePerMinute,
			monthlyCalls: key.monthlyCalls,
			allowedIps: key.allowedIps
		})
		.execute();

/**
 * Gives a key another secret; the one before it opens it for so many minutes more, and those before that no longer.
 * The key is locked.
 */
export async function replaceSecret(db: Db, keyId: string, { hash, prefix }: Secret, graceMinutes: number) {
	await db
		.deleteFrom('apiKeySecret')
		.where('keyId', '=', keyId)
		.where('expiresAt', '<=', sql<Date>`now()`)
		.execute();
	await sql`
		update api_key_secret set expires_at = case
			when expires_at is null then now() + make_interval(mins => ${graceMinutes}) else least(expires_at, now())
		end
		where key_id = ${keyId}`.execute(db);
	await db.insertInto('apiKeySecret').values({ keyId, hash, prefix }).execute();
}

/** Ends a key; nothing where it has ended, or never was. */
export const revokeKey = (db: Db, orgId: string, id: string) =>
	db
		.updateTable('apiKey')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.where('revokedAt', 'is', null)
		.set({ revokedAt: sql<Date>`now()` })
		.returning(['name', 'revokedAt'])
		.executeTakeFirst();
