import { sql } from 'kysely';
import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';
import type { SignedIn } from './actor.ts';

export type Org = { id: string; slug: string; name: string; role: OrgRole; createdAt: Date };

/**
 * The organisation as this actor may see it, or nothing at all. Finding it enters it: for the rest
 * of the transaction PostgreSQL shows the rows of this organisation and of no other.
 */
export async function enterOrg(tx: Db, actor: SignedIn, slug: string): Promise<Org | undefined> {
	const found = await tx
		.selectFrom('org')
		.innerJoin('membership', 'membership.orgId', 'org.id')
		.where('org.slug', '=', slug)
		.where('membership.userId', '=', actor.user.id)
		.select(['org.id', 'org.slug', 'org.name', 'org.createdAt', 'membership.role'])
		// In the list and not in a condition: PostgreSQL orders conditions as it likes, and this one enters.
		.select(sql`set_config('app.org_id', org.id::text, true)`.as('entered'))
		.executeTakeFirst();
	if (!found) return undefined;
	const { id, name, role, createdAt } = found;
	return { id, slug: found.slug, name, role, createdAt };
}
