import type { Cookies } from '@sveltejs/kit';
import { APP_ENV, SESSION_COOKIE_NAME } from '$app/env/private';
import { deviceName } from '#lib/device.ts';
import { hashToken, newToken, open, seal, sign, verify } from '../crypto.ts';
import { pool } from '../db.ts';
import { rememberDevice, type Known } from './device.ts';
import { IDLE, lucia, type Impersonator, type Session, type User } from './lookup.ts';

export { IDLE, type Session, type User };

const secure = APP_ENV !== 'dev';
export const SESSION = secure ? `__Host-${SESSION_COOKIE_NAME}` : SESSION_COOKIE_NAME;
const OPERATOR = secure ? '__Host-operator' : 'operator';
const CSRF = 'csrf_token';
const COOKIE = { path: '/', secure, sameSite: secure ? 'strict' : 'lax' } as const;

/** How old `last_seen_at` may grow before it is written again, in seconds. */
const TOUCH = IDLE ? Math.min(60, IDLE / 4) : 60;

/** A person's session about to begin, ending at `expiresAt`: its token goes to the browser, its id to the database. */
export const newSession = (owner: Known, expiresAt: Date) => sessionOf(newToken(), owner, expiresAt);

/** The session of a token, as the browser gets it, which is known to the account from then on. */
export const sessionOf = (token: string, owner: Known, expiresAt: Date) => ({ ...secretsOf(token), owner, expiresAt });

/** A session for an operator to act in as somebody else. */
export const lentSession = (expiresAt: Date) => ({ ...secretsOf(newToken()), expiresAt });

function secretsOf(token: string) {
	const id = hashToken(token);
	return { token, id, csrfToken: csrfToken(id) };
}

/** `ended` names the devices that this session took the place of. */
export type NewSession = ReturnType<typeof sessionOf> & { ended?: string[] };

export function setSessionCookies(
	cookies: Cookies,
	{ token, owner, expiresAt, csrfToken, ended = [] }: NewSession
): void {
	setTokens(cookies, { token, expiresAt, csrfToken });
	rememberDevice(cookies, owner);
	if (ended.length > 0) setEndedCookie(cookies, ended);
}

type Tokens = Pick<NewSession, 'token' | 'expiresAt' | 'csrfToken'>;

/** Whoever's session a browser has, no operator's is put aside beside it; `lendSessionCookies` does that afterwards. */
function setTokens(cookies: Cookies, { token, expiresAt, csrfToken }: Tokens): void {
	cookies.set(SESSION, token, { ...COOKIE, httpOnly: true, maxAge: secondsUntil(expiresAt) });
	setCsrfCookie(cookies, csrfToken, expiresAt);
	if (cookies.get(OPERATOR) !== undefined) cookies.delete(OPERATOR, COOKIE);
}

/**
 * Gives a browser the session in which its operator acts as somebody else, and puts their own aside: sealed, so that it
 * opens nothing by itself, and leads back only together with the session that it was lent for.
 */
export function lendSessionCookies(cookies: Cookies, lent: Tokens): void {
	const own = seal('operator', cookies.get(SESSION)!).toString('base64url');
	setTokens(cookies, lent);
	cookies.set(OPERATOR, own, { ...COOKIE, httpOnly: true, maxAge: secondsUntil(lent.expiresAt) });
}

/** The token of the operator's own session, where this browser is the one that put it aside. */
export function ownToken(cookies: Cookies, { sessionId }: Impersonator): string | undefined {
	try {
		const token = open('operator', Buffer.from(cookies.get(OPERATOR) ?? '', 'base64url'));
		return hashToken(token) === sessionId ? token : undefined;
	} catch {
		// Missing, forged, or sealed under a key that is gone: whoever brings it is led nowhere.
		return undefined;
	}
}

/** Gives a browser its operator's own session back. */
export const returnSessionCookies = (cookies: Cookies, token: string, expiresAt: Date): string => {
	const { csrfToken } = secretsOf(token);
	setTokens(cookies, { token, expiresAt, csrfToken });
	return csrfToken;
};

/** For the page that follows, whichever door led in, to say once; a few short names, for a cookie holds little. */
const setEndedCookie = (cookies: Cookies, devices: string[]) => {
	const names = devices.slice(0, 3).map((device) => deviceName(device).slice(0, 40));
	cookies.set('ended_sessions', names.join('\n'), { ...COOKIE, httpOnly: false, maxAge: 60 });
};

const secondsUntil = (moment: Date) => Math.ceil((moment.getTime() - Date.now()) / 1000);

const setCsrfCookie = (cookies: Cookies, token: string, expiresAt: Date) =>
	cookies.set(CSRF, token, { ...COOKIE, httpOnly: false, maxAge: secondsUntil(expiresAt) });

export function clearSessionCookies(cookies: Cookies): void {
	for (const name of [SESSION, CSRF, OPERATOR]) cookies.delete(name, COOKIE);
}

export const hasSessionCookie = (cookies: Cookies): boolean => cookies.get(SESSION) !== undefined;

/** The live session that the cookie names, and its person; keeps its idle time sliding. */
export async function readSession(cookies: Cookies): Promise<{ user: User; session: Session } | null> {
	const token = cookies.get(SESSION);
	if (!token) return null;
	const { user, session } = await lucia.validateSession(hashToken(token));
	// A dead cookie stays: deleting it here could delete the one that a sign-in beside this request has just set.
	if (!session) return null;
	if (Date.now() - session.lastSeenAt.getTime() > TOUCH * 1000) await touch(session, user);
	// Lost, or signed with a key that is no longer known: without a new one this browser could not even sign out.
	if (!isCsrfToken(session.id, cookies.get(CSRF) ?? ''))
		setCsrfCookie(cookies, csrfToken(session.id), session.expiresAt);
	return { user, session };
}

/** Of many requests at once one writes: the others find the row fresh already. */
async function touch({ id, impersonator }: Session, user: User): Promise<void> {
	const { rowCount } = await pool.query({ name: 'touch_session', text: TOUCHED, values: [id, TOUCH] });
	if (!rowCount) return;
	// Each by itself: holding two, this would wait for who locks the person first, as all others do, and they for this.
	if (impersonator) await pool.query({ name: 'touch_session', text: TOUCHED, values: [impersonator.sessionId, TOUCH] });
	await pool.query({ name: 'see_person', text: SEEN, values: [impersonator?.id ?? user.id] });
}

const TOUCHED =
	'update session set last_seen_at = now() where id = $1 and last_seen_at < now() - make_interval(secs => $2)';
const SEEN = 'update "user" set last_seen_at = now() where id = $1';

/** Bound to the session, so it needs no row and ends with it. */
export const csrfToken = (sessionId: string): string => sign('csrf', sessionId);

export const isCsrfToken = (sessionId: string, given: string): boolean => verify('csrf', sessionId, given);
