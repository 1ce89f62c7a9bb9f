import { audit } from '../../audit/service.ts';
import { enterOrg } from '../../auth/access.ts';
import type { SignedIn } from '../../auth/actor.ts';
import { transaction, type Db, type Mode } from '../../db.ts';
import { AppError, invalid } from '../../errors.ts';
import { inviteAdmin } from '../../invitations/service.ts';
import { findOrg, foundEmptyOrg, lockOrg, updateOrg, type Chosen } from '../../orgs/service.ts';
import { summarize } from '../../usage/summary.ts';
import { record } from '../log/service.ts';
import * as queries from './queries.ts';

/**
 * Founds an organisation for others, and invites its first admin.
 * @throws {AppError} `conflict` when the chosen slug leads, or led, to another organisation
 */
export const createOrgFor = (actor: SignedIn, adminEmail: string, chosen: Chosen, invitationDays: number) =>
	transaction(async (tx) => {
		const org = await foundEmptyOrg(tx, actor, chosen);
		await inviteAdmin(tx, actor, org, adminEmail, invitationDays);
		await record(tx, actor, 'org.created', { orgId: org.id });
		return org;
	});

/**
 * Works in any organisation, in a transaction that has entered it.
 * @throws {AppError} `not_found`
 */
const within = <T>(
	slug: string,
	work: (tx: Db, org: { id: string; name: string }) => Promise<T>,
	mode?: Mode
): Promise<T> =>
	transaction(async (tx) => {
		const org = await findOrg(tx, slug);
		if (!org) throw new AppError('not_found', 'Organization not found.');
		await enterOrg(tx, org.id);
		return work(tx, org);
	}, mode);

/**
 * Invites an admin into any organisation, so that none is ever stranded.
 * @throws {AppError} `not_found`; what `inviteAdmin` throws
 */
export const inviteAdminTo = (actor: SignedIn, slug: string, email: string, invitationDays: number) =>
	within(slug, async (tx, org) => {
		await record(tx, actor, 'org.admin_invited', { orgId: org.id });
		return inviteAdmin(tx, actor, org, email, invitationDays);
	});

/**
 * An organisation with what it has used of its plan.
 * @throws {AppError} `not_found`
 */
export const readOrg = (slug: string) =>
	within(
		slug,
		async (tx, { id }) => {
			const { features, ...org } = await queries.getOrg(tx, id);
			const usage = await summarize(tx, { id, tier: org.tier, features });
			return { ...org, ...(await queries.findActivity(tx, id)), usage };
		},
		'read only'
	);

/**
 * Changes name and slug, as an admin of the organisation can.
 * @throws {AppError} `not_found`; what `updateOrg` throws
 */
export const changeOrg = (actor: SignedIn, slug: string, change: Partial<Chosen>) =>
	within(slug, async (tx, { id }) => {
		const before = await lockOrg(tx, id);
		const after = await updateOrg(tx, actor, id, change);
		const changed = (['name', 'slug'] as const).filter((field) => after[field] !== before?.[field]);
		if (changed.length > 0) await record(tx, actor, 'org.updated', { orgId: id }, { changed });
		return after;
	});

/**
 * Closes an organisation to all of its people and keys, on their next call. Only the console shows why.
 * @throws {AppError} `not_found`
 */
export const suspendOrg = (actor: SignedIn, slug: string, reason: string): Promise<void> =>
	within(slug, async (tx, { id, name }) => {
		if (!(await queries.suspend(tx, id, reason))) return;
		await audit(tx, actor, id, 'org.suspended', { id, name });
		await record(tx, actor, 'org.suspended', { orgId: id }, { reason });
	});

/**
 * Opens an organisation again, for the same people and keys.
 * @throws {AppError} `not_found`
 */
export const activateOrg = (actor: SignedIn, slug: string): Promise<void> =>
	within(slug, async (tx, { id, name }) => {
		if (!(await queries.activate(tx, id))) return;
		await audit(tx, actor, id, 'org.activated', { id, name });
		await record(tx, actor, 'org.activated', { orgId: id });
	});

/**
 * Puts an organisation on a tier. The one that it is on already is taken anew, as it is by now.
 * @throws {AppError} `not_found`; `invalid` for a tier that there is not
 */
export const setTierOf = (actor: SignedIn, slug: string, tier: string) =>
	within(slug, async (tx, { id, name }) => {
		const before = await queries.setTier(tx, id, tier);
		if (before === undefined) throw invalid('tier', 'There is no such tier.');
		await audit(tx, actor, id, 'org.tier_changed', { id, name }, { before, after: tier });
		await record(tx, actor, 'org.tier_changed', { orgId: id }, { before, after: tier });
	});
