import { sql } from 'kysely';
import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';
import { inviterName, inviterStands, isOver, withInviters } from './queries.ts';

/** An invitation as it is answered: by its link, or by its id where it is for the proven address of a person. */
export type Key = { tokenHash: string } | { id: string; userId: string };

const isFor = (userId: string | null) =>
	sql<boolean>`invitation.email = (
		select email from "user" where id = ${userId}::uuid and email_verified_at is not null
	)`;

const isNamed = (key: Key) =>
	'tokenHash' in key
		? sql<boolean>`invitation.token_hash = ${key.tokenHash}`
		: sql<boolean>`invitation.id = ${key.id}::uuid and ${isFor(key.userId)}`;

/** That the organisation that somebody is invited to is not suspended. */
const isOpen = sql<boolean>`exists (select from org where id = invitation.org_id and suspended_at is null)`;

/** What waits for a person and can be accepted, newest first. */
export async function listMine(db: Db, userId: string) {
	const rows = await withInviters(db)
		.innerJoin('org', 'org.id', 'invitation.orgId')
		.where(isFor(userId))
		.where(sql<boolean>`not ${isOver}`)
		.where(inviterStands)
		.where('org.suspendedAt', 'is', null)
		.select('org.name as orgName')
		.limit(100)
		.execute();
	return rows.map((row) => {
		const { id, orgName, role, expiresAt } = row;
		return { id, org: { name: orgName }, role, invitedBy: inviterName(row), expiresAt };
	});
}

/** What to know of an answer: whether it comes too late, from the right person, and to an address that has an account. */
export const findInvitation = (db: Db, key: Key, userId: string | null = null) =>
	db
		.selectFrom('invitation')
		.innerJoin('org', 'org.id', 'invitation.orgId')
		.where(isNamed(key))
		.select(['org.id as orgId', 'org.name as orgName'])
		.select(['invitation.email', 'invitation.role', 'invitation.expiresAt'])
		.select([isOver.as('expired'), isFor(userId).as('isCallers')])
		.select(sql<boolean>`org.suspended_at is not null`.as('isSuspended'))
		.select(sql<boolean>`exists (select from "user" where email = invitation.email)`.as('accountExists'))
		.executeTakeFirst();

/** Uses an invitation up that can be accepted now, and by this person where one is named: of many at once, one gets it. */
export const takeInvitation = (db: Db, key: Key, userId: string | null) =>
	db
		.deleteFrom('invitation')
		.where(isNamed(key))
		.where(sql<boolean>`not ${isOver}`)
		.where(inviterStands)
		.where(isOpen)
		.$if(userId !== null, (invitation) => invitation.where(isFor(userId)))
		.returning(['id', 'orgId', 'email', 'role', 'byService'])
		.executeTakeFirst();

/** Uses an invitation up that is not over; with what its inviter is told, and where, if they still could invite. */
export const declineInvitation = (db: Db, key: Key) =>
	db
		.deleteFrom('invitation')
		.where(isNamed(key))
		.where(sql<boolean>`not ${isOver}`)
		.returning(['id', 'orgId', 'email', 'role'])
		.returning(
			sql<string | null>`(select email from "user" where id = invitation.invited_by and ${inviterStands})`.as(
				'inviterEmail'
			)
		)
		.returning(sql<string>`(select name from org where id = invitation.org_id)`.as('orgName'))
		.executeTakeFirst();

export type Joining = { userId: string; role: OrgRole; raises: boolean };

/** Makes somebody a member. Whoever is one keeps their role, unless this one raises it; then nothing is answered. */
export const insertMembership = (db: Db, orgId: string, { userId, role, raises }: Joining) =>
	db
		.insertInto('membership')
		.values({ orgId, userId, role })
		.onConflict((conflict) => {
			const member = conflict.columns(['orgId', 'userId']);
			return raises ? member.doUpdateSet({ role }) : member.doNothing();
		})
		.returning('role')
		.executeTakeFirst();

/** Takes back every invitation that a person sent. */
export const deleteSent = (db: Db, userId: string) =>
	db.deleteFrom('invitation').where('invitedBy', '=', userId).returning(['id', 'orgId', 'email']).execute();

/** Declines every invitation that was sent to an address. */
export const deleteReceived = (db: Db, email: string) =>
	db.deleteFrom('invitation').where('email', '=', email).returning(['id', 'orgId', 'email']).execute();
