import { sql } from 'kysely';
import type { Db } from '../../db.ts';
import { isSuspended } from '../../live.ts';

/** Who somebody is to whoever would act as them. */
export const findPerson = (db: Db, id: string) =>
	db
		.selectFrom('user')
		.where('id', '=', id)
		.select(['sysAdmin', 'email', isSuspended.as('isSuspended')])
		.executeTakeFirst();

export type Loan = { id: string; userId: string; ownId: string; expiresAt: Date };

/**
 * Begins a session of somebody's for the operator whose own is `ownId`, instead of one that was begun for it before; they
 * see it among theirs, without where it is. Nothing where nobody may act as them.
 */
export async function lendSession(db: Db, { id, userId, ownId, expiresAt }: Loan): Promise<string | undefined> {
	const { rows } = await sql<{ handle: string }>`
		insert into session (id, user_id, impersonator_session_id, remembered, ip, device, expires_at)
		select ${id}, "user".id, ${ownId}, false, '', 'Support', ${expiresAt} from "user"
		where "user".id = ${userId} and not sys_admin and not is_suspended("user") and deactivated_at is null
		on conflict (impersonator_session_id) where impersonator_session_id is not null do update set
			id = excluded.id, user_id = excluded.user_id, handle = excluded.handle,
			created_at = now(), last_seen_at = now(), proven_at = now(), expires_at = excluded.expires_at
		returning handle`.execute(db);
	return rows[0]?.handle;
}

/** Ends a session that was lent; nothing when it had ended already. */
export const endLoan = (db: Db, id: string) =>
	db.deleteFrom('session').where('id', '=', id).returning('userId').executeTakeFirst();

/** Ends the sessions that were lent to somebody, and those in which others act as them. */
export const endLoansOf = (db: Db, userId: string) =>
	db
		.deleteFrom('session')
		.where('impersonatorSessionId', 'is not', null)
		.where(
			sql<boolean>`(user_id = ${userId}
				or impersonator_session_id in (select own.id from session own where own.user_id = ${userId}))`
		)
		.execute();

/** When an operator's own session ends, which they go back to. */
export const findOwn = (db: Db, id: string) =>
	db.selectFrom('session').where('id', '=', id).select('expiresAt').executeTakeFirst();
