import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import type { OrgRole } from '#lib/roles.ts';
import type { Db } from '../db.ts';
import { isSuspended } from '../live.ts';

export type MemberFilter = { q?: string; role?: OrgRole };

/** Where a page of members ended. */
export type MemberKey = [joinedAt: Date, userId: string];

/** True of people whose name, username or address begins with `q`; the latter two are stored in lower case. */
const beginsWith = (q: string) => sql<boolean>`(
	starts_with(email, lower(${q})) or starts_with(username, lower(${q}))
	or starts_with(lower(last_name), lower(${q})) or starts_with(lower(concat_ws(' ', first_name, last_name)), lower(${q}))
)`;

/** The members of an organisation that a filter leaves, as rows to count or to select from; nobody sees who has gone. */
export const membersOf = (db: Db, orgId: string, { q, role }: MemberFilter) =>
	db
		.selectFrom('membership')
		.innerJoin('user', 'user.id', 'membership.userId')
		.where('membership.orgId', '=', orgId)
		.where('user.deactivatedAt', 'is', null)
		.$if(role !== undefined, (members) => members.where('membership.role', '=', role!))
		.$if(Boolean(q), (members) => members.where(beginsWith(q!)));

/** By the time they joined; one more than `limit`, which tells whether there are more. */
export async function listMembers(
	db: Db,
	orgId: string,
	{ after, limit, ...filter }: MemberFilter & { after: MemberKey | undefined; limit: number }
) {
	const rows = await membersOf(db, orgId, filter)
		.$if(after !== undefined, (members) =>
			members.where(sql<boolean>`(membership.created_at, membership.user_id) > (${after![0]}, ${after![1]}::uuid)`)
		)
		.select(['membership.userId', 'membership.role', 'membership.createdAt as joinedAt'])
		.select(['user.email', 'user.username', 'user.firstName', 'user.lastName', 'user.avatarUrl'])
		.orderBy('membership.createdAt')
		.orderBy('membership.userId')
		.limit(limit + 1)
		.execute();
	return rows.map((row) => {
		const { userId, email, avatarUrl, role, joinedAt } = row;
		return { userId, name: displayName(row), email, avatarUrl, role, joinedAt };
	});
}

export const findRole = async (db: Db, orgId: string, userId: string): Promise<OrgRole | undefined> =>
	(
		await db
			.selectFrom('membership')
			.where('orgId', '=', orgId)
			.where('userId', '=', userId)
			.select('role')
			.executeTakeFirst()
	)?.role;

/** Another admin who is there to be asked. */
export const findOtherAdmin = (db: Db, orgId: string, userId: string) =>
	db
		.selectFrom('membership')
		.innerJoin('user', 'user.id', 'membership.userId')
		.where('orgId', '=', orgId)
		.where('userId', '!=', userId)
		.where('role', '=', 'org_admin')
		.where('user.deactivatedAt', 'is', null)
		.where(sql<boolean>`not ${isSuspended}`)
		.select('userId')
		.limit(1)
		.executeTakeFirst();

export const updateRole = (db: Db, orgId: string, { userId, role }: { userId: string; role: OrgRole }) =>
	db.updateTable('membership').where('orgId', '=', orgId).where('userId', '=', userId).set({ role }).execute();

export const deleteMembership = (db: Db, orgId: string, userId: string) =>
	db.deleteFrom('membership').where('orgId', '=', orgId).where('userId', '=', userId).execute();
