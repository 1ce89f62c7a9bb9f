import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';

export const isOver = sql<boolean>`invitation.expires_at <= now()`;

/** Whether whoever invited could do so today: what they lose meanwhile, their invitations lose with it. */
export const inviterStands = sql<boolean>`exists (
	select from "user" as inviter
	where inviter.id = invitation.invited_by and not is_suspended(inviter) and inviter.deactivated_at is null and (
		inviter.sys_admin or exists (
			select from membership
			where org_id = invitation.org_id and user_id = inviter.id and role = 'org_admin'
		)
	)
)`;

type Inviter = {
	inviterEmail: string | null;
	username: string | null;
	firstName: string | null;
	lastName: string | null;
};

export const inviterName = ({ inviterEmail: email, username, firstName, lastName }: Inviter) =>
	email === null ? null : displayName({ email, username, firstName, lastName });

/** Invitations with the people who sent them, newest first. */
export const withInviters = (db: Db) =>
	db
		.selectFrom('invitation')
		.leftJoin('user', (inviter) =>
			inviter.onRef('user.id', '=', 'invitation.invitedBy').on('user.deactivatedAt', 'is', null)
		)
		.select(['invitation.id', 'invitation.role', 'invitation.createdAt', 'invitation.expiresAt'])
		.select(['user.email as inviterEmail', 'user.username', 'user.firstName', 'user.lastName'])
		.orderBy('invitation.createdAt', 'desc')
		.orderBy('invitation.id', 'desc');

export const invitationsOf = (db: Db, orgId: string) => db.selectFrom('invitation').where('orgId', '=', orgId);

/** Where a page of invitations ended. */
export type InvitationKey = [createdAt: Date, id: string];

/** What an organisation waits for; one more than `limit`, which tells whether there is more. */
export async function listInvitations(db: Db, orgId: string, after: InvitationKey | undefined, limit: number) {
	const rows = await withInviters(db)
		.where('invitation.orgId', '=', orgId)
		.$if(after !== undefined, (invitations) =>
			invitations.where(sql<boolean>`(invitation.created_at, invitation.id) < (${after![0]}, ${after![1]}::uuid)`)
		)
		.select('invitation.email')
		.select(
			sql<'pending' | 'expired' | 'inviter_gone'>`case
				when ${isOver} then 'expired' when ${inviterStands} then 'pending' else 'inviter_gone'
			end`.as('status')
		)
		.limit(limit + 1)
		.execute();
	return rows.map((row) => {
		const { id, email, role, status, createdAt, expiresAt } = row;
		return { id, email, role, status, invitedBy: inviterName(row), createdAt, expiresAt };
	});
}

export type Standing = 'already_invited' | 'already_member';

/** Which of these addresses stand in an organisation already; of an invited member, being one comes last. */
export const findStandings = (db: Db, orgId: string, emails: string[]) =>
	db
		.selectFrom('invitation')
		.where('orgId', '=', orgId)
		.where(sql<boolean>`email = any(${emails}::text[])`)
		.where(sql<boolean>`not ${isOver}`)
		.select(['email', sql<Standing>`'already_invited'`.as('standing')])
		.unionAll(
			db
				.selectFrom('membership')
				.innerJoin('user', 'user.id', 'membership.userId')
				.where('membership.orgId', '=', orgId)
				.where(sql<boolean>`"user".email = any(${emails}::text[])`)
				.select(['user.email', sql<Standing>`'already_member'`.as('standing')])
		)
		.orderBy('standing')
		.execute();

/** Counts mails that an organisation asks for today (UTC), and answers how many those are with the ones before. */
export async function countMails(db: Db, orgId: string, mails: number): Promise<number> {
	const { asked } = await db
		.insertInto('invitationCount')
		.values({ orgId, asked: mails })
		.onConflict((count) =>
			count.column('orgId').doUpdateSet({
				// Whoever began before midnight may come here after somebody who began later.
				day: sql`greatest(invitation_count.day, excluded.day)`,
				asked: sql`excluded.asked
					+ case when invitation_count.day < excluded.day then 0 else invitation_count.asked end`
			})
		)
		.returning('asked')
		.executeTakeFirstOrThrow();
	return asked;
}

/** Who invites as what, and for how many days. */
export type Terms = { role: OrgRole; invitedBy: string; byService: boolean; days: number };

export type Link = { email: string; tokenHash: string };

const inDays = (days: number) => sql<Date>`now() + make_interval(secs => ${days * 86_400})`;

/**
 * Invites addresses. An invitation that is over makes room, and to one by the service any does; what is missing in
 * the answer is invited already.
 */
export const insertInvitations = (db: Db, orgId: string, links: Link[], { role, invitedBy, byService, days }: Terms) =>
	db
		.insertInto('invitation')
		.values(
			links.map(({ email, tokenHash }) => {
				return { orgId, email, tokenHash, role, invitedBy, byService, expiresAt: inDays(days) };
			})
		)
		.onConflict((earlier) =>
			earlier
				.columns(['orgId', 'email'])
				.doUpdateSet((link) => ({
					tokenHash: link.ref('excluded.tokenHash'),
					role,
					invitedBy,
					byService,
					createdAt: sql<Date>`now()`,
					expiresAt: inDays(days)
				}))
				.where(sql<boolean>`${isOver} or excluded.by_service`)
		)
		.returning(['id', 'email', 'expiresAt'])
		.execute();

/** Gives an invitation another link, which ends the one before, and another inviter. Nothing when it is gone. */
export const renewInvitation = (
	db: Db,
	orgId: string,
	id: string,
	{ tokenHash, invitedBy, days }: { tokenHash: string; invitedBy: string; days: number }
) =>
	db
		.updateTable('invitation')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.set({ tokenHash, invitedBy, expiresAt: inDays(days) })
		.returning(['id', 'email', 'role', 'expiresAt'])
		.executeTakeFirst();

/** Nothing when there is none. */
export const deleteInvitation = (db: Db, orgId: string, id: string) =>
	db
		.deleteFrom('invitation')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.returning(['id', 'email', 'role'])
		.executeTakeFirst();

/** Whether an address is invited anywhere, by somebody who could do so today. */
export const findWaiting = (db: Db, email: string) =>
	db
		.selectFrom('invitation')
		.where('email', '=', email)
		.where(sql<boolean>`not ${isOver}`)
		.where(inviterStands)
		.select('id')
		.limit(1)
		.executeTakeFirst();
