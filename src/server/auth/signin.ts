import { MAX_SESSIONS_PER_USER, SESSION_COOKIE_MAX_AGE, SESSION_REMEMBER_MAX_AGE } from '$app/env/private';
import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import type { Actor } from './actor.ts';
import { deleteSession, deleteSessions, insertSession, lockStanding, renameSession, trimSessions } from './queries.ts';
import { newSession, type NewSession, type Session } from './session.ts';

/**
 * The one door that every way of signing in ends at: a new session in the caller's transaction, and an end to
 * the one this browser had. The caller sets the cookies after its commit.
 * @throws {AppError} `suspended`
 */
export async function signIn(tx: Db, actor: Actor, userId: string, remember: boolean): Promise<NewSession> {
	const { suspendedAt } = await lockStanding(tx, userId);
	if (suspendedAt) throw new AppError('suspended', 'This account is suspended. Please contact support.');
	if (actor.kind === 'user') await deleteSession(tx, actor.session.id);

	const maxAge = remember ? SESSION_REMEMBER_MAX_AGE : SESSION_COOKIE_MAX_AGE;
	const session = newSession(new Date(Date.now() + maxAge * 1000));
	const { id, expiresAt } = session;
	await insertSession(tx, { id, userId, remembered: remember, ip: actor.ip, device: actor.device, expiresAt });
	await trimSessions(tx, userId, MAX_SESSIONS_PER_USER);
	return session;
}

/** Ends all of a person's sessions, or all but one, on their very next call. */
export const endSessions = deleteSessions;

/** Gives a session that goes on a new token and id; it ends when it would have ended. */
export async function rotateSession(tx: Db, session: Session): Promise<NewSession> {
	const renewed = newSession(session.expiresAt);
	await renameSession(tx, session.id, renewed.id);
	return renewed;
}
