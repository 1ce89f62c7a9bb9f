import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import type { Features } from '#lib/plans.ts';
import type { Db } from '../../db.ts';
import { isSuspended } from '../../live.ts';

export const ORG_SORTS = ['name', 'createdAt'] as const;
export const ORG_STANDINGS = ['open', 'suspended'] as const;

/** What a list of organisations is narrowed to; `q` is an id, or how a name or a slug begins. */
export type OrgFilter = { q?: string; tier?: string; standing?: (typeof ORG_STANDINGS)[number] };
export type OrgOrder = { sort: (typeof ORG_SORTS)[number]; direction: 'asc' | 'desc' };

/** Where a page of organisations ended: a name or a moment, and an id. */
export type OrgKey = [sorted: string | Date, id: string];

const NAME = sql<string>`lower(org.name) collate "C"`;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const beginsWith = (q: string) =>
	sql<boolean>`(starts_with(${NAME}, lower(${q})) or starts_with(org.slug collate "C", lower(${q})))`;

const matches = (q: string) => (UUID.test(q) ? sql<boolean>`(org.id = ${q}::uuid or ${beginsWith(q)})` : beginsWith(q));

/** The organisations that a filter leaves, as rows to count or to select from. */
export const orgsOf = (db: Db, { q, tier, standing }: OrgFilter) =>
	db
		.selectFrom('org')
		.$if(Boolean(q), (orgs) => orgs.where(matches(q!)))
		.$if(tier !== undefined, (orgs) => orgs.where('tier', '=', tier!))
		.$if(standing === 'open', (orgs) => orgs.where('suspendedAt', 'is', null))
		.$if(standing === 'suspended', (orgs) => orgs.where('suspendedAt', 'is not', null));

const MEMBERS = sql<number>`coalesce((
	select used::int from quota_use where org_id = org.id and feature = 'members' and since = '-infinity'
), 0)`;

/** In the order that is asked for; one more than `limit`, which tells whether there are more. */
export async function listOrgs(
	db: Db,
	{ after, limit, sort, direction, ...filter }: OrgFilter & OrgOrder & { after: OrgKey | undefined; limit: number }
) {
	const sorted = sort === 'name' ? NAME : sql<string>`org.created_at`;
	const end = sort === 'name' ? sql`lower(${after?.[0]}) collate "C"` : sql`${after?.[0]}`;
	const beyond = sql.raw(direction === 'asc' ? '>' : '<');
	return orgsOf(db, filter)
		.$if(after !== undefined, (orgs) =>
			orgs.where(sql<boolean>`(${sorted}, org.id) ${beyond} (${end}, ${after![1]}::uuid)`)
		)
		.select(['id', 'slug', 'name', 'tier', 'createdAt', 'suspendedAt', MEMBERS.as('members')])
		.orderBy(sorted, direction)
		.orderBy('id', direction)
		.limit(limit + 1)
		.execute();
}

/** An organisation as those see it who run the service. */
export const getOrg = (db: Db, id: string) =>
	db
		.selectFrom('org')
		.where('id', '=', id)
		.select(['id', 'slug', 'name', 'tier', 'createdAt', 'suspendedAt', 'suspensionReason', MEMBERS.as('members')])
		.select(sql<Features>`features`.as('features'))
		.executeTakeFirstOrThrow();

/** When something was last changed in an organisation, and when a key of it was last used. */
export async function findActivity(db: Db, orgId: string) {
	const { rows } = await sql<{ changedAt: Date | null; keyUsedAt: Date | null }>`
		select (select max(at) from audit_log where org_id = ${orgId}) as changed_at,
			(select max(last_used_at) from api_key where org_id = ${orgId}) as key_used_at`.execute(db);
	return rows[0]!;
}

/** Closes an organisation, or gives its suspension another reason; of many at once, one does. */
export const suspend = (db: Db, id: string, reason: string) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.where('suspensionReason', 'is distinct from', reason)
		.set({ suspendedAt: sql<Date>`coalesce(suspended_at, now())`, suspensionReason: reason })
		.returning('id')
		.executeTakeFirst();

/** Opens an organisation that is suspended; of many at once, one does. */
export const activate = (db: Db, id: string) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.where('suspendedAt', 'is not', null)
		.set({ suspendedAt: null, suspensionReason: null })
		.returning('id')
		.executeTakeFirst();

/** Puts an organisation on a tier as that is now, and answers the one before; nothing where there is no such tier. */
export async function setTier(db: Db, id: string, tier: string): Promise<string | undefined> {
	const { tier: before } = await db
		.selectFrom('org')
		.where('id', '=', id)
		.select('tier')
		.forNoKeyUpdate()
		.executeTakeFirstOrThrow();
	const changed = await db
		.updateTable('org')
		.where('id', '=', id)
		.where(sql<boolean>`exists (select from tier where key = ${tier})`)
		.set({ tier })
		.returning('id')
		.executeTakeFirst();
	return changed && before;
}

export type MemberKey = [joinedAt: Date, userId: string];

/** All members of an organisation, as rows to count or to select from; also those whom others do not see. */
export const membersOf = (db: Db, orgId: string) =>
	db.selectFrom('membership').innerJoin('user', 'user.id', 'membership.userId').where('membership.orgId', '=', orgId);

/** By the time they joined; one more than `limit`, which tells whether there are more. */
export async function listMembers(
	db: Db,
	orgId: string,
	{ after, limit }: { after: MemberKey | undefined; limit: number }
) {
	const rows = await membersOf(db, orgId)
		.$if(after !== undefined, (members) =>
			members.where(sql<boolean>`(membership.created_at, membership.user_id) > (${after![0]}, ${after![1]}::uuid)`)
		)
		.select(['membership.userId', 'membership.role', 'membership.createdAt as joinedAt'])
		.select(['user.email', 'user.username', 'user.firstName', 'user.lastName', 'user.avatarUrl', 'user.sysAdmin'])
		.select([isSuspended.as('isSuspended'), sql<boolean>`"user".deactivated_at is not null`.as('isAway')])
		.orderBy('membership.createdAt')
		.orderBy('membership.userId')
		.limit(limit + 1)
		.execute();
	return rows.map((row) => {
		const { userId, email, avatarUrl, sysAdmin, role, joinedAt, isSuspended, isAway } = row;
		const standing = isSuspended ? 'suspended' : isAway ? 'away' : 'here';
		return { userId, name: displayName(row), email, avatarUrl, sysAdmin, role, joinedAt, standing } as const;
	});
}
