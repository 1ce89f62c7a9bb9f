import { sql } from 'kysely';
import type { Feature, Features, QuotaName } from '#lib/plans.ts';
import { SETTINGS } from '#lib/settings.ts';
import type { Db } from '../db.ts';
import { isSuspended } from '../live.ts';
import type { DB } from '../schema.ts';

const WARNINGS = 'quotaWarnings' satisfies keyof typeof SETTINGS.user;
const WANTED = sql`${JSON.stringify(SETTINGS.user[WARNINGS].default)}::jsonb`;

/** The first tier, of those that grant more, with what it grants; nothing where none does. */
export async function findLifting(db: Db, feature: Feature, granted: number | boolean) {
	const { rows } = await sql<{ title: string; grants: number | boolean }>`
		select title, features -> ${feature} as grants from tier
		where case
			when features -> ${feature} = 'true' then true
			when jsonb_typeof(features -> ${feature}) <> 'number' then false
			else (features ->> ${feature})::bigint = -1 or (features ->> ${feature})::bigint > ${Number(granted)}::bigint
		end
		order by position limit 1`.execute(db);
	return rows[0];
}

/** A tier by its key, and whether it is as high as another one, or higher. */
export const findTier = (db: Db, key: string, reached: string) =>
	db
		.selectFrom('tier as needed')
		.innerJoin('tier as own', (join) => join.on('own.key', '=', reached))
		.where('needed.key', '=', key)
		.select('needed.title')
		.select(sql<boolean>`own.position >= needed.position`.as('isReached'))
		.executeTakeFirstOrThrow();

export const findFeatures = async (db: Db, orgId: string): Promise<Features | undefined> =>
	(
		await db
			.selectFrom('org')
			.where('id', '=', orgId)
			.select(sql<Features>`features`.as('features'))
			.executeTakeFirst()
	)?.features;

/** The organisation of a slug for one of its members, and the calls a minute that its copy of a tier allows them. */
export const findLimits = (db: Db, slug: string, userId: string) =>
	db
		.selectFrom('org')
		.innerJoin('membership', 'membership.orgId', 'org.id')
		.where('org.slug', '=', slug)
		.where('membership.userId', '=', userId)
		.select('org.id as orgId')
		.select(sql<Partial<Record<string, number>>>`org.limits`.as('limits'))
		.executeTakeFirst();

/** What is left of a standing quota, `null` without an end; nobody else takes of it until the transaction ends. */
export async function lockLeft(db: Db, orgId: string, quota: QuotaName): Promise<number | null> {
	await db
		.insertInto('quotaUse')
		.values({ orgId, feature: quota })
		.onConflict((row) => row.doNothing())
		.execute();
	const { rows } = await sql<{ most: string; used: string }>`
		select coalesce((org.features ->> feature)::bigint, 0) as most, used
		from quota_use join org on org.id = org_id
		where org_id = ${orgId} and feature = ${quota} and since = '-infinity'
		for no key update of quota_use`.execute(db);
	const { most, used } = rows[0]!;
	return most === '-1' ? null : Math.max(0, Number(most) - Number(used));
}

/** The month of use that an organisation is in, how much of each quota it has used, and the calls a minute it may make. */
export async function findUse(db: Db, orgId: string) {
	type Row = { from: Date; to: Date; used: Partial<Record<QuotaName, number>>; limits: Record<string, number> };
	const { rows } = await sql<Row>`
		select org.limits, "from", month_since(org.subscribed_at, "from" + interval '32 days') as "to", (
			select coalesce(jsonb_object_agg(feature, quota_use.used), '{}')
			from quota_use where org_id = org.id and since in ('-infinity', "from")
		) as used
		from org, month_since(org.subscribed_at, now()) as "from" where org.id = ${orgId}`.execute(db);
	return rows[0]!;
}

/** Every tier, the least first. */
export const listTiers = (db: Db) =>
	db
		.selectFrom('tier')
		.select(['key', 'title', sql<Features>`features`.as('features')])
		.orderBy('position')
		.execute();

/** The admins of an organisation who want to be told of its quotas; and its present name and slug. */
export const listAdmins = (db: Db, orgId: string) =>
	db
		.selectFrom('membership')
		.innerJoin('user', 'user.id', 'membership.userId')
		.innerJoin('org', 'org.id', 'membership.orgId')
		.leftJoin('userSetting', (join) =>
			join.onRef('userSetting.userId', '=', 'user.id').on('userSetting.key', '=', WARNINGS)
		)
		.where('membership.orgId', '=', orgId)
		.where('membership.role', '=', 'org_admin')
		.where(sql<boolean>`not ${isSuspended}`)
		.where('user.deactivatedAt', 'is', null)
		.where((row) => row.fn.coalesce('userSetting.value', WANTED), '=', sql`'true'::jsonb`)
		.select(['user.email', 'org.name', 'org.slug'])
		.execute();

type DayRow = DB['usageDay'];
export type Measured = DayRow['measure'];

/** Notes what somebody used today. */
export const noteUse = (db: Db, orgId: string, measure: Measured, by: { kind: string; id: string | null }, n: number) =>
	sql`select note_use(${orgId}, ${measure}, ${by.kind}, ${by.id}, ${n})`.execute(db);

/** What somebody used of an organisation on a day, which is written like 2030-01-31. */
export type DayUse = { orgId: string; day: string; measure: Measured; kind: 'user' | 'key'; id: string; used: number };

/** Adds to the use of days; of an organisation that is gone nothing is written, and one that is going waits for this. */
export const addDayUses = (db: Db, uses: DayUse[]) =>
	sql`
		with held as materialized (
			select id from org where id = any(${[...new Set(uses.map(({ orgId }) => orgId))]}::uuid[])
			order by id for key share
		)
		insert into usage_day as present (org_id, day, measure, actor_kind, actor_id, used)
		select held.id, day, measure, kind, actor, used
		from unnest(
				${uses.map(({ orgId }) => orgId)}::uuid[], ${uses.map(({ day }) => day)}::date[],
				${uses.map(({ measure }) => measure)}::text[], ${uses.map(({ kind }) => kind)}::text[],
				${uses.map(({ id }) => id)}::uuid[], ${uses.map(({ used }) => used)}::bigint[]
			) with ordinality as added (org, day, measure, kind, actor, used, nth)
			join held on held.id = added.org
		order by nth
		on conflict (org_id, day, measure, actor_kind, actor_id) do update set used = present.used + excluded.used`.execute(db);
