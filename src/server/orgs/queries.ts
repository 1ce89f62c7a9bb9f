import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';

/** Nothing when the slug is taken. */
export const insertOrg = (db: Db, { slug, name }: { slug: string; name: string }) =>
	db
		.insertInto('org')
		.values({ slug, name })
		.onConflict((conflict) => conflict.column('slug').doNothing())
		.returning(['id', 'slug', 'name'])
		.executeTakeFirst();

export const insertMembership = (db: Db, orgId: string, { userId, role }: { userId: string; role: OrgRole }) =>
	db.insertInto('membership').values({ orgId, userId, role }).execute();
