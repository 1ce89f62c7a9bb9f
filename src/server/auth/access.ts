import { sql } from 'kysely';
import type { Features, Plan } from '#lib/plans.ts';
import { can, keyPermissions, lesser, type KeyPermission, type OrgRole, type Permission } from '#lib/roles.ts';
import { SLUG } from '#lib/slug.ts';
import { transaction, type Db, type Mode } from '../db.ts';
import { AppError } from '../errors.ts';
import type { Actor, Program, SignedIn } from './actor.ts';

export type Org = Plan & { id: string; slug: string; name: string; role: OrgRole; createdAt: Date };

/** Who may hold a permission: people, and keys where it is one that a key can have. */
type Holder<P extends Permission> = P extends KeyPermission ? SignedIn | Program : SignedIn;

/** Who is inside an organisation, in which one, and the transaction that shows its rows. */
type Entered<A> = { actor: A; org: Org; tx: Db };
export type Inside<P extends Permission = Permission> = Entered<Holder<P>>;
export type PersonInside = Entered<SignedIn>;

/** @throws {AppError} `forbidden` to keys */
export function refuseKey(actor: Actor): asserts actor is Exclude<Actor, Program> {
	if (actor.kind === 'apiKey') throw new AppError('forbidden', 'An API key may not do this: it takes a person.');
}

/**
 * The person behind a call.
 * @throws {AppError} `unauthenticated`; `suspended` for a session that outlived its person's standing; `forbidden` to keys
 */
export function signedIn(actor: Actor): SignedIn {
	refuseKey(actor);
	if (actor.kind !== 'user') throw new AppError('unauthenticated', 'Please sign in.');
	if (actor.user.suspended) throw new AppError('suspended', 'This account is suspended. Please contact support.');
	return actor;
}

/**
 * The only door to an organisation's data: one transaction inside it, for those whose role has the permission.
 * @throws {AppError} `not_found` to strangers as if it were missing; `suspended` to members while it is; `forbidden`;
 * what `signedIn` throws
 */
export function inOrg<P extends Permission, T>(
	caller: Actor,
	slug: string,
	permission: P,
	mode: Mode,
	work: (inside: Inside<P>) => Promise<T>
): Promise<T> {
	const actor = caller.kind === 'apiKey' ? caller : signedIn(caller);
	return transaction(async (tx) => {
		const found = SLUG.test(slug) ? await findAndEnter(tx, actor, slug) : undefined;
		if (!found) throw new AppError('not_found', 'Organization not found.');
		if (found.isSuspended) throw new AppError('suspended', 'This organization is suspended. Please contact support.');
		if (!found.permits(permission)) throw forbidden(actor);
		// A key never gets here by a permission that none can have.
		return work({ actor: actor as Holder<P>, org: found.org, tx });
	}, mode);
}

const forbidden = ({ kind }: Actor) =>
	new AppError('forbidden', kind === 'apiKey' ? 'This API key does not allow this.' : 'Your role does not allow this.');

type Found = { org: Org; isSuspended: boolean; permits: (permission: Permission) => boolean };

/**
 * The organisation as this actor may see it, or nothing at all. Finding it enters it: for the rest
 * of the transaction PostgreSQL shows the rows of this organisation and of no other.
 */
const findAndEnter = (tx: Db, actor: SignedIn | Program, slug: string): Promise<Found | undefined> =>
	actor.kind === 'apiKey' ? enterByKey(tx, actor.key.id, slug) : enterAsMember(tx, actor.user.id, slug);

const toOrg = ({ id, slug, name, createdAt, tier, features }: Org, role: OrgRole): Org => ({
	id,
	slug,
	name,
	role,
	createdAt,
	tier,
	features
});

async function enterAsMember(tx: Db, userId: string, slug: string): Promise<Found | undefined> {
	const found = await tx
		.selectFrom('org')
		.innerJoin('membership', 'membership.orgId', 'org.id')
		.where('org.slug', '=', slug)
		.where('membership.userId', '=', userId)
		.select(['org.id', 'org.slug', 'org.name', 'org.createdAt', 'membership.role', 'org.tier'])
		.select(sql<Features>`org.features`.as('features'))
		.select(sql<boolean>`org.suspended_at is not null`.as('isSuspended'))
		// In the list and not in a condition: PostgreSQL orders conditions as it likes, and this one enters.
		.select(sql`set_config('app.org_id', org.id::text, true)`.as('entered'))
		.executeTakeFirst();
	if (!found) return undefined;
	const { isSuspended, role } = found;
	return { org: toOrg(found, role), isSuspended, permits: (permission) => can(role, permission) };
}

/** By the present standing of the key, and of whoever made it: a long call outlives neither. */
async function enterByKey(tx: Db, keyId: string, slug: string): Promise<Found | undefined> {
	const { rows } = await sql<Org & { isSuspended: boolean; keyRole: OrgRole; permissions: KeyPermission[] | null }>`
		select * from enter_by_key(${keyId}, ${slug})`.execute(tx);
	const [found] = rows;
	if (!found) return undefined;
	const role = lesser(found.keyRole, found.role);
	const held: Permission[] = keyPermissions(role, found.permissions);
	return {
		org: toOrg(found, role),
		isSuspended: found.isSuspended,
		permits: (permission) => held.includes(permission)
	};
}

/** Enters an organisation that the caller has founded, is joining, or administers for the service. */
export const enterOrg = (tx: Db, orgId: string) => sql`select set_config('app.org_id', ${orgId}, true)`.execute(tx);

/** Lets system work that crosses organisations see the rows of all, for the rest of the transaction. */
export const enterAll = (tx: Db) => sql`select set_config('app.scope', 'system', true)`.execute(tx);
