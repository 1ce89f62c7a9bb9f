import { randomInt } from 'node:crypto';
import { SLUG, slugify } from '#lib/slug.ts';
import { audit } from '../audit/service.ts';
import { enterOrg, type Org } from '../auth/access.ts';
import { actingAs, type Actor, type Doer, type SignedIn } from '../auth/actor.ts';
import { db, transaction, violates, type Db } from '../db.ts';
import { AppError, invalid } from '../errors.ts';
import * as queries from './queries.ts';

/** Organisations that a person may have founded, that of their sign-up included. */
const FOUNDED_AT_MOST = 10;

export const { findOrg, listMemberships, lockOrg } = queries;

export type Chosen = { name: string; slug?: string };

/** A slug's tail where the plain one is taken: over a million, so a few tries always find a free one. */
const tail = () =>
	randomInt(36 ** 4)
		.toString(36)
		.padStart(4, '0');

function taken(): AppError {
	const message = 'This address is taken. Choose another one.';
	return new AppError('conflict', message, { slug: [message] });
}

/** What two want at once, only the database sees: the one who comes second is told the same. */
const claiming = <T>(work: Promise<T>): Promise<T> =>
	work.catch((error: unknown) => {
		throw violates(error, 'org_slug_key') ? taken() : error;
	});

/** Under the slug that was chosen, or else one made of the name. */
async function insert(tx: Db, actor: Doer, { name, slug }: Chosen, createdBy: string | null) {
	const base = slug ?? slugify(name);
	let org = await claiming(queries.insertOrg(tx, { slug: base, name, createdBy }));
	if (!org && slug !== undefined) throw taken();
	while (!org) org = await claiming(queries.insertOrg(tx, { slug: `${base}-${tail()}`, name, createdBy }));
	await enterOrg(tx, org.id);
	await audit(tx, actor, org.id, 'org.created', { id: org.id, name });
	return org;
}

/**
 * Founds an organisation, with its founder as org_admin.
 * @throws {AppError} `quota_exceeded`; `conflict` when the chosen slug leads, or led, to another organisation
 */
export async function foundOrg(tx: Db, actor: Actor, founderId: string, chosen: Chosen) {
	await queries.lockFounder(tx, founderId);
	if ((await queries.countFounded(tx, founderId)) >= FOUNDED_AT_MOST) {
		const message = `You have founded ${FOUNDED_AT_MOST} organizations, which is as many as a person can. Delete one that you no longer need, or have its admins delete it.`;
		throw new AppError('quota_exceeded', message);
	}
	const org = await insert(tx, actingAs(actor, founderId), chosen, founderId);
	await queries.insertMembership(tx, org.id, { userId: founderId, role: 'org_admin' });
	return org;
}

/** Founds an organisation for the person who asks. Throws what `foundOrg` throws. */
export const createOrg = (actor: SignedIn, chosen: Chosen) =>
	transaction((tx) => foundOrg(tx, actor, actor.user.id, chosen));

/**
 * Founds an organisation that has no members yet, in the name of the service: nobody's quota counts it.
 * @throws {AppError} `conflict` as `foundOrg` does
 */
export const foundEmptyOrg = (tx: Db, actor: SignedIn, chosen: Chosen) => insert(tx, actor, chosen, null);

const missing = () => new AppError('not_found', 'Organization not found.');

/**
 * Changes name and slug. The old slug leads to the pages for 90 days, and can be taken back meanwhile.
 * @throws {AppError} `conflict` when the slug leads, or led, to another organisation
 */
export async function updateOrg(tx: Db, actor: Actor, orgId: string, { name, slug }: queries.OrgChange) {
	const before = await queries.lockOrg(tx, orgId);
	if (!before) throw missing();
	const change = {
		...(name !== undefined && name !== before.name && { name }),
		...(slug !== undefined && slug !== before.slug && { slug })
	};
	const changed = Object.keys(change) as (keyof typeof change)[];
	if (changed.length === 0) return { id: orgId, ...before };

	const after = await claiming(queries.updateOrg(tx, orgId, change));
	if (!after) throw taken();
	const was = Object.fromEntries(changed.map((field) => [field, before[field]]));
	await audit(tx, actor, orgId, 'org.updated', { id: orgId, name: after.name }, { before: was, after: change });
	return after;
}

/**
 * Deletes an organisation and all that is its own; its people stay. The last row of its log says who it was.
 * @throws {AppError} `invalid` unless `confirm` is its slug
 */
export async function deleteOrg(tx: Db, actor: Actor, { id, slug, name }: Org, confirm: string): Promise<void> {
	if (confirm !== slug) throw invalid('confirm', `Type ${slug} to confirm.`);
	await audit(tx, actor, id, 'org.deleted', { id, name });
	if (!(await queries.deleteOrg(tx, id))) throw missing();
}

/** The slug that the pages of an old one moved to, for those who may see them. */
export const findMoved = async (actor: Actor, slug: string) =>
	actor.kind === 'user' && SLUG.test(slug) ? (await queries.findMoved(db, slug, actor.user.id))?.slug : undefined;
