import { sql } from 'kysely';
import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';

/** False for a slug that leads to another organisation, be it from the pages it had before. */
const isFree = (slug: string, orgId: string | null = null) => sql<boolean>`not exists (
	select from org_slug
	where slug = ${slug} and org_id is distinct from ${orgId}::uuid and (expires_at is null or expires_at > now())
)`;

export type NewOrg = { slug: string; name: string; createdBy: string | null };

/** Nothing when the slug is taken. */
export const insertOrg = (db: Db, { slug, name, createdBy }: NewOrg) =>
	db
		.insertInto('org')
		.columns(['slug', 'name', 'createdBy'])
		.expression(
			db
				.selectNoFrom([
					sql<string>`${slug}::text`.as('slug'),
					sql<string>`${name}::text`.as('name'),
					sql<string | null>`${createdBy}::uuid`.as('createdBy')
				])
				.where(isFree(slug))
		)
		.onConflict((conflict) => conflict.column('slug').doNothing())
		.returning(['id', 'slug', 'name'])
		.executeTakeFirst();

export const insertMembership = (db: Db, orgId: string, { userId, role }: { userId: string; role: OrgRole }) =>
	db.insertInto('membership').values({ orgId, userId, role }).execute();

/** Locks a person, so that what they found at once is counted one after the other. */
export const lockFounder = (db: Db, userId: string) =>
	db.selectFrom('user').where('id', '=', userId).select('id').forNoKeyUpdate().executeTakeFirstOrThrow();

export async function countFounded(db: Db, userId: string): Promise<number> {
	const { founded } = await db
		.selectFrom('org')
		.where('createdBy', '=', userId)
		.select((org) => org.fn.countAll<string>().as('founded'))
		.executeTakeFirstOrThrow();
	return Number(founded);
}

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

export const findOrg = (db: Db, slug: string) =>
	db.selectFrom('org').where('slug', '=', slug).select(['id', 'name']).executeTakeFirst();

/** The present slug of an organisation that had `slug` in the last 90 days, for its members. */
export const findMoved = (db: Db, slug: string, userId: string) =>
	db
		.selectFrom('orgSlug')
		.innerJoin('org', 'org.id', 'orgSlug.orgId')
		.innerJoin('membership', 'membership.orgId', 'org.id')
		.where('orgSlug.slug', '=', slug)
		.where('orgSlug.expiresAt', '>', sql<Date>`now()`)
		.where('membership.userId', '=', userId)
		.select('org.slug')
		.executeTakeFirst();

/** Locks an organisation, so that what happens to it and to its members happens one after the other. */
export const lockOrg = (db: Db, id: string) =>
	db.selectFrom('org').where('id', '=', id).select(['slug', 'name']).forNoKeyUpdate().executeTakeFirst();

export type OrgChange = { slug?: string; name?: string };

/** Changes what is given, and at least one thing is. Nothing when the slug is taken. */
export const updateOrg = (db: Db, id: string, { slug, name }: OrgChange) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.$if(slug !== undefined, (org) => org.where(isFree(slug!, id)))
		.set({ slug, name })
		.returning(['id', 'slug', 'name'])
		.executeTakeFirst();

/** Takes everything of the organisation with it. Nothing when it is gone already. */
export const deleteOrg = (db: Db, id: string) =>
	db.deleteFrom('org').where('id', '=', id).returning('id').executeTakeFirst();
