import { sql } from 'kysely';
import type { Features, Plan } from '#lib/plans.ts';
import { can, type OrgRole, type Permission } from '#lib/roles.ts';
import { SLUG } from '#lib/slug.ts';
import { transaction, type Db, type Mode } from '../db.ts';
import { AppError } from '../errors.ts';
import type { Actor, SignedIn } from './actor.ts';

export type Org = Plan & { id: string; slug: string; name: string; role: OrgRole; createdAt: Date };

/** Who is inside an organisation, in which one, and the transaction that shows its rows. */
export type Inside = { actor: SignedIn; org: Org; tx: Db };

/**
 * The person behind a call.
 * @throws {AppError} `unauthenticated`, or `suspended` for a session that outlived its person's standing
 */
export function signedIn(actor: Actor): SignedIn {
	if (actor.kind !== 'user') throw new AppError('unauthenticated', 'Please sign in.');
	if (actor.user.suspended) throw new AppError('suspended', 'This account is suspended. Please contact support.');
	return actor;
}

/**
 * The only door to an organisation's data: one transaction inside it, for those whose role has the permission.
 * @throws {AppError} `not_found` to strangers as if it were missing; `forbidden`; what `signedIn` throws
 */
export function inOrg<T>(
	caller: Actor,
	slug: string,
	permission: Permission,
	mode: Mode,
	work: (inside: Inside) => Promise<T>
): Promise<T> {
	const actor = signedIn(caller);
	return transaction(async (tx) => {
		const org = await findAndEnter(tx, actor, slug);
		if (!org) throw new AppError('not_found', 'Organization not found.');
		if (!can(org.role, permission)) throw new AppError('forbidden', 'Your role does not allow this.');
		return work({ actor, org, tx });
	}, mode);
}

/**
 * The organisation as this actor may see it, or nothing at all. Finding it enters it: for the rest
 * of the transaction PostgreSQL shows the rows of this organisation and of no other.
 */
async function findAndEnter(tx: Db, actor: SignedIn, slug: string): Promise<Org | undefined> {
	if (!SLUG.test(slug)) return undefined;
	const found = await tx
		.selectFrom('org')
		.innerJoin('membership', 'membership.orgId', 'org.id')
		.where('org.slug', '=', slug)
		.where('membership.userId', '=', actor.user.id)
		.select(['org.id', 'org.slug', 'org.name', 'org.createdAt', 'membership.role', 'org.tier'])
		.select(sql<Features>`org.features`.as('features'))
		// In the list and not in a condition: PostgreSQL orders conditions as it likes, and this one enters.
		.select(sql`set_config('app.org_id', org.id::text, true)`.as('entered'))
		.executeTakeFirst();
	if (!found) return undefined;
	const { id, name, role, createdAt, tier, features } = found;
	return { id, slug: found.slug, name, role, createdAt, tier, features };
}

/** Enters an organisation that the caller has founded, is joining, or administers for the service. */
export const enterOrg = (tx: Db, orgId: string) => sql`select set_config('app.org_id', ${orgId}, true)`.execute(tx);

/** Lets system work that crosses organisations see the rows of all, for the rest of the transaction. */
export const enterAll = (tx: Db) => sql`select set_config('app.scope', 'system', true)`.execute(tx);
