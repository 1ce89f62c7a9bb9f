import { enterOrg } from '../../auth/access.ts';
import type { SignedIn } from '../../auth/actor.ts';
import { transaction } from '../../db.ts';
import { AppError } from '../../errors.ts';
import { inviteAdmin } from '../../invitations/service.ts';
import { findOrg, foundEmptyOrg, type Chosen } from '../../orgs/service.ts';
import { record } from '../log/service.ts';

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
 * Invites an admin into any organisation, so that none is ever stranded.
 * @throws {AppError} `not_found`; what `inviteAdmin` throws
 */
export const inviteAdminTo = (actor: SignedIn, slug: string, email: string, invitationDays: number) =>
	transaction(async (tx) => {
		const org = await findOrg(tx, slug);
		if (!org) throw new AppError('not_found', 'Organization not found.');
		await enterOrg(tx, org.id);
		await record(tx, actor, 'org.admin_invited', { orgId: org.id });
		return inviteAdmin(tx, actor, org, email, invitationDays);
	});
