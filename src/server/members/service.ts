import { atLeast, can, type OrgRole, type Permission } from '#lib/roles.ts';
import { audit } from '../audit/service.ts';
import type { PersonInside } from '../auth/access.ts';
import { AppError } from '../errors.ts';
import { lockOrg } from '../orgs/service.ts';
import * as queries from './queries.ts';

/**
 * Waits for whoever changes the members at this moment, and looks again at what the caller may do now.
 * @throws {AppError} `not_found` or `forbidden` when that was taken from them meanwhile
 */
async function takeTurn({ tx, actor, org }: PersonInside, permission: Permission): Promise<OrgRole> {
	await lockOrg(tx, org.id);
	const role = await queries.findRole(tx, org.id, actor.user.id);
	if (!role) throw new AppError('not_found', 'Organization not found.');
	if (!can(role, permission)) throw new AppError('forbidden', 'Your role does not allow this any more.');
	return role;
}

async function findMember({ tx, org }: PersonInside, userId: string): Promise<OrgRole> {
	const role = await queries.findRole(tx, org.id, userId);
	if (!role) throw new AppError('not_found', 'This person is not a member.');
	return role;
}

async function keepAnAdmin({ tx, org }: PersonInside, userId: string): Promise<void> {
	if (await queries.findOtherAdmin(tx, org.id, userId)) return;
	throw new AppError('conflict', 'An organization needs at least one admin. Make somebody else admin first.');
}

/**
 * Gives a member another role; the one they have already changes nothing.
 * @throws {AppError} `not_found`; `forbidden` for a role above the caller's; `conflict` for the last org_admin
 */
export async function setRole(inside: PersonInside, userId: string, role: OrgRole): Promise<void> {
	const { tx, actor, org } = inside;
	const own = await takeTurn(inside, 'members.write');
	if (!atLeast(own, role)) throw new AppError('forbidden', 'You cannot give a role above your own.');
	const before = await findMember(inside, userId);
	if (before === role) return;
	if (before === 'org_admin') await keepAnAdmin(inside, userId);
	await queries.updateRole(tx, org.id, { userId, role });
	await audit(tx, actor, org.id, 'member.role_changed', { id: userId }, { before, after: role });
}

/**
 * Ends a membership. Whoever removes themselves leaves.
 * @throws {AppError} `not_found`; `conflict` for the last org_admin
 */
export async function removeMember(inside: PersonInside, userId: string): Promise<void> {
	await takeTurn(inside, 'members.write');
	await end(inside, userId);
}

/** @throws {AppError} `conflict` for the last org_admin */
export async function leave(inside: PersonInside): Promise<void> {
	await takeTurn(inside, 'org.read');
	await end(inside, inside.actor.user.id);
}

async function end(inside: PersonInside, userId: string): Promise<void> {
	const { tx, actor, org } = inside;
	const role = await findMember(inside, userId);
	if (role === 'org_admin') await keepAnAdmin(inside, userId);
	await queries.deleteMembership(tx, org.id, userId);
	const action = userId === actor.user.id ? 'member.left' : 'member.removed';
	await audit(tx, actor, org.id, action, { id: userId });
}
