import { NodePostgresAdapter } from '@lucia-auth/adapter-postgresql';
import type { Cookies } from '@sveltejs/kit';
import { Lucia, TimeSpan } from 'lucia';
import { APP_ENV, SESSION_COOKIE_NAME, SESSION_TIMEOUT_MINUTES } from '$app/env/private';
import { deviceName } from '#lib/device.ts';
import { hashToken, newToken, sign, verify } from '../crypto.ts';
import { pool } from '../db.ts';
import { liveWhere } from '../live.ts';
import { rememberDevice, type Known } from './device.ts';

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
type SessionAttributes = { handle: string; createdAt: Date; lastSeenAt: Date; provenAt: Date };

export type User = UserAttributes & { id: string };
export type Session = SessionAttributes & { id: string; expiresAt: Date };

const secure = APP_ENV !== 'dev';
export const SESSION = secure ? `__Host-${SESSION_COOKIE_NAME}` : SESSION_COOKIE_NAME;
const CSRF = 'csrf_token';
const COOKIE = { path: '/', secure, sameSite: secure ? 'strict' : 'lax' } as const;

/** Idle time in seconds; 0 never ends a session. */
export const IDLE = SESSION_TIMEOUT_MINUTES * 60;

/** How old `last_seen_at` may grow before it is written again, in seconds. */
const TOUCH = IDLE ? Math.min(60, IDLE / 4) : 60;

const SESSION_AND_USER = `
	select s.handle, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.proven_at as "provenAt",
		u.id, u.email, u.username, u.first_name as "firstName", u.last_name as "lastName", u.avatar_url as "avatarUrl",
		u.time_zone as "timeZone",
		u.sys_admin as "sysAdmin", u.email_verified_at is not null as "emailVerified", is_suspended(u) as suspended
	from session s join "user" u on u.id = s.user_id where s.id = $1 and ${liveWhere('s', '$2')}`;

type SessionAndUser = SessionAttributes & UserAttributes & { id: string; expiresAt: Date };

/** Every request begins with this lookup, so it is one prepared statement of named columns, not the adapter's two of `*`. */
class OneQueryAdapter extends NodePostgresAdapter {
	override async getSessionAndUser(sessionId: string): ReturnType<NodePostgresAdapter['getSessionAndUser']> {
		const lookup = { name: 'session_and_user', text: SESSION_AND_USER, values: [sessionId, IDLE] };
		const [row] = (await pool.query<SessionAndUser>(lookup)).rows;
		if (!row) return [null, null];
		const { id, handle, createdAt, lastSeenAt, expiresAt, provenAt, ...user } = row;
		return [
			{ id: sessionId, userId: id, expiresAt, attributes: { handle, createdAt, lastSeenAt, provenAt } },
			{ id, attributes: user }
		];
	}
}

const lucia = new Lucia(new OneQueryAdapter(pool, { user: '"user"', session: 'session' }), {
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

/** A person's session about to begin, ending at `expiresAt`: its token goes to the browser, its id to the database. */
export const newSession = (owner: Known, expiresAt: Date) => sessionOf(newToken(), owner, expiresAt);

/** The session of a token, as the browser gets it, which is known to the account from then on. */
export function sessionOf(token: string, owner: Known, expiresAt: Date) {
	const id = hashToken(token);
	return { token, id, owner, expiresAt, csrfToken: csrfToken(id) };
}

/** `ended` names the devices that this session took the place of. */
export type NewSession = ReturnType<typeof sessionOf> & { ended?: string[] };

export function setSessionCookies(
	cookies: Cookies,
	{ token, owner, expiresAt, csrfToken, ended = [] }: NewSession
): void {
	cookies.set(SESSION, token, { ...COOKIE, httpOnly: true, maxAge: secondsUntil(expiresAt) });
	setCsrfCookie(cookies, csrfToken, expiresAt);
	rememberDevice(cookies, owner);
	if (ended.length > 0) setEndedCookie(cookies, ended);
}

/** For the page that follows, whichever door led in, to say once; a few short names, for a cookie holds little. */
const setEndedCookie = (cookies: Cookies, devices: string[]) => {
	const names = devices.slice(0, 3).map((device) => deviceName(device).slice(0, 40));
	cookies.set('ended_sessions', names.join('\n'), { ...COOKIE, httpOnly: false, maxAge: 60 });
};

const secondsUntil = (moment: Date) => Math.ceil((moment.getTime() - Date.now()) / 1000);

const setCsrfCookie = (cookies: Cookies, token: string, expiresAt: Date) =>
	cookies.set(CSRF, token, { ...COOKIE, httpOnly: false, maxAge: secondsUntil(expiresAt) });

export function clearSessionCookies(cookies: Cookies): void {
	cookies.delete(SESSION, COOKIE);
	cookies.delete(CSRF, COOKIE);
}

export const hasSessionCookie = (cookies: Cookies): boolean => cookies.get(SESSION) !== undefined;

/** The live session that the cookie names, and its person; keeps its idle time sliding. */
export async function readSession(cookies: Cookies): Promise<{ user: User; session: Session } | null> {
	const token = cookies.get(SESSION);
	if (!token) return null;
	const { user, session } = await lucia.validateSession(hashToken(token));
	// A dead cookie stays: deleting it here could delete the one that a sign-in beside this request has just set.
	if (!session) return null;
	if (Date.now() - session.lastSeenAt.getTime() > TOUCH * 1000) await touch(session.id, user.id);
	// Lost, or signed with a key that is no longer known: without a new one this browser could not even sign out.
	if (!isCsrfToken(session.id, cookies.get(CSRF) ?? ''))
		setCsrfCookie(cookies, csrfToken(session.id), session.expiresAt);
	return { user, session };
}

/** Of many requests at once one writes: the others find the row fresh already. */
async function touch(id: string, userId: string): Promise<void> {
	const { rowCount } = await pool.query({
		name: 'touch_session',
		text: 'update session set last_seen_at = now() where id = $1 and last_seen_at < now() - make_interval(secs => $2)',
		values: [id, TOUCH]
	});
	// By itself: holding both, this would wait for who locks the person first, as all others do, and they for this.
	if (rowCount) await pool.query({ name: 'see_person', text: SEEN, values: [userId] });
}

const SEEN = 'update "user" set last_seen_at = now() where id = $1';

/** Bound to the session, so it needs no row and ends with it. */
export const csrfToken = (sessionId: string): string => sign('csrf', sessionId);

export const isCsrfToken = (sessionId: string, given: string): boolean => verify('csrf', sessionId, given);
