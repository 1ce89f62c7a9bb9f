import { NodePostgresAdapter } from '@lucia-auth/adapter-postgresql';
import { Lucia, TimeSpan } from 'lucia';
import { SESSION_TIMEOUT_MINUTES } from '$app/env/private';
import { displayName } from '#lib/format.ts';
import { pool } from '../db.ts';
import { liveWhere } from '../live.ts';

type UserAttributes = {
	email: string;
	username: string | null;
	firstName: string | null;
	lastName: string | null;
	avatarUrl: string | null;
	timeZone: string | null;
	sysAdmin: boolean;
	emailVerified: boolean;
	suspended: boolean;
};
/** Who acts in a session of somebody else's, and the session of their own that it ends with. */
export type Impersonator = { id: string; name: string; email: string; sessionId: string };

type Times = { handle: string; createdAt: Date; lastSeenAt: Date; provenAt: Date };
type SessionAttributes = Times & { impersonator: Impersonator | null };

export type User = UserAttributes & { id: string };
export type Session = SessionAttributes & { id: string; expiresAt: Date };

/** Idle time in seconds; 0 never ends a session. */
export const IDLE = SESSION_TIMEOUT_MINUTES * 60;

/** An operator acts for others while all that let them begin still stands: their session, their rights, the person's. */
const SESSION_AND_USER = `
	select s.handle, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.proven_at as "provenAt",
		u.id, u.email, u.username, u.first_name as "firstName", u.last_name as "lastName", u.avatar_url as "avatarUrl",
		u.time_zone as "timeZone",
		u.sys_admin as "sysAdmin", u.email_verified_at is not null as "emailVerified", is_suspended(u) as suspended,
		case when op.id is not null then json_build_object('id', op.id, 'sessionId', own.id, 'email', op.email,
			'username', op.username, 'firstName', op.first_name, 'lastName', op.last_name) end as operator
	from session s join "user" u on u.id = s.user_id
		left join session own on own.id = s.impersonator_session_id and ${liveWhere('own', '$2')}
		left join "user" op on op.id = own.user_id and op.sys_admin
			and not is_suspended(op) and op.deactivated_at is null
	where s.id = $1 and ${liveWhere('s', '$2')} and (s.impersonator_session_id is null
		or op.id is not null and not u.sys_admin and not is_suspended(u) and u.deactivated_at is null)`;

type Operator = Parameters<typeof displayName>[0] & { id: string; sessionId: string };
type SessionAndUser = Times & UserAttributes & { id: string; expiresAt: Date; operator: Operator | null };

const toImpersonator = (operator: Operator): Impersonator => {
	const { id, email, sessionId } = operator;
	return { id, name: displayName(operator), email, sessionId };
};

/** Every request begins with this lookup, so it is one prepared statement of named columns, not the adapter's two of `*`. */
class OneQueryAdapter extends NodePostgresAdapter {
	override async getSessionAndUser(sessionId: string): ReturnType<NodePostgresAdapter['getSessionAndUser']> {
		const lookup = { name: 'session_and_user', text: SESSION_AND_USER, values: [sessionId, IDLE] };
		const [row] = (await pool.query<SessionAndUser>(lookup)).rows;
		if (!row) return [null, null];
		const { id, handle, createdAt, lastSeenAt, expiresAt, provenAt, operator, ...user } = row;
		const impersonator = operator && toImpersonator(operator);
		const attributes = { handle, createdAt, lastSeenAt, provenAt, impersonator };
		return [
			{ id: sessionId, userId: id, expiresAt, attributes },
			{ id, attributes: user }
		];
	}
}

export const lucia = new Lucia(new OneQueryAdapter(pool, { user: '"user"', session: 'session' }), {
	// Zero: Lucia neither extends nor deletes. A session's whole life is fixed when it begins; only idle time slides.
	sessionExpiresIn: new TimeSpan(0, 's'),
	getSessionAttributes: (attributes) => attributes,
	getUserAttributes: (attributes) => attributes
});

declare module 'lucia' {
	interface Register {
		Lucia: typeof lucia;
		DatabaseUserAttributes: UserAttributes;
		DatabaseSessionAttributes: SessionAttributes;
	}
}
