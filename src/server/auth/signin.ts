import { AUDIT_RETENTION_DAYS, SESSION_COOKIE_MAX_AGE, SESSION_REMEMBER_MAX_AGE } from '$app/env/private';
import { deviceInMail } from '#lib/device.ts';
import type { ProviderId } from '#lib/oauth.ts';
import { noteEvent } from '../accounts/service.ts';
import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { countNotice } from '../limit.ts';
import { queueMail } from '../mail/service.ts';
import { countSignIn } from '../metrics/registry.ts';
import type { Settings } from '../settings.ts';
import { signedInWith, type Actor, type SignedIn } from './actor.ts';
import { knownDevice } from './device.ts';
import { wrongCredentials } from './password.ts';
import {
	deleteSessions,
	hasSession,
	lockStanding,
	proveSession,
	reactivate,
	renameSession,
	startSession
} from './queries.ts';
import { IDLE, newSession, type NewSession } from './session.ts';

/** How somebody comes in. */
export type Entrance = {
	remember?: boolean;
	/** The hash that was compared, where it was a password. */
	provenHash?: string;
	/** The provider that vouched, where it was one. */
	provider?: ProviderId;
	/** The session that this browser had when it left for the provider: no Strict cookie tells on the way back. */
	left?: string | null;
};

/**
 * The one door that every way of signing in ends at: a new session in the caller's transaction, and an end to
 * the one this browser had. One in a browser that is new to the account is told by mail, save the very first of all.
 * Who had deactivated their account is back. The caller sets the cookies after its commit.
 * @throws {AppError} `suspended`; `invalid_credentials` when the proven password was replaced in the meantime, or the
 * account deleted
 */
export async function signIn(
	tx: Db,
	actor: Actor,
	userId: string,
	{ maxSessions, limits }: Pick<Settings, 'maxSessions' | 'limits'>,
	{ remember = false, provenHash, provider, left = null }: Entrance = {}
): Promise<NewSession> {
	const standing = await lockStanding(tx, userId, AUDIT_RETENTION_DAYS);
	const { email, passwordHash, generation, isFirst } = standing;
	if (standing.eraseAfter) throw wrongCredentials();
	if (standing.isSuspended) throw new AppError('suspended', 'This account is suspended. Please contact support.');
	if (provenHash !== undefined && provenHash !== passwordHash) throw wrongCredentials();
	if (standing.deactivatedAt) await comeBack(tx, actor, userId);

	const maxAge = remember ? SESSION_REMEMBER_MAX_AGE : SESSION_COOKIE_MAX_AGE;
	const owner = { userId, generation };
	const session = newSession(owner, new Date(Date.now() + maxAge * 1000));
	const { id, expiresAt } = session;
	const replaced = actor.kind === 'user' ? signedInWith(actor) : left;
	const row = { id, userId, remembered: remember, ip: actor.ip, device: actor.device, expiresAt };
	const ended = await startSession(tx, row, { replaced, most: maxSessions, idle: IDLE });
	await noteEvent(tx, actor, userId, 'session.started', {
		...(remember && { remembered: true }),
		...(provider && { provider })
	});
	for (const { device, ip } of ended) {
		await noteEvent(tx, actor, userId, 'session.ended', { reason: 'cap', device, ip });
	}
	if (!isFirst && !knownDevice(actor.deviceCookie, owner) && (await countNotice(tx, userId, limits))) {
		const at = new Date().toISOString();
		await queueMail(tx, email, 'new_device', { device: deviceInMail(actor.device), at });
	}
	countSignIn(provider ?? (provenHash === undefined ? 'link' : 'password'), 'ok');
	return { ...session, ended: ended.map(({ device }) => device) };
}

async function comeBack(tx: Db, actor: Actor, userId: string): Promise<void> {
	await reactivate(tx, userId);
	await noteEvent(tx, actor, userId, 'account.reactivated');
}

/** Notes that the person behind a session has proven again who they are; when, where it still lives. */
export const prove = proveSession;

/** Whether a session was not ended since the call began that it came with. */
export const goesOn = hasSession;

/**
 * The same for a change that ends with the session it was asked for in. The caller holds the person's lock, as whoever
 * signs everybody out does: what they overtook must not stay behind.
 * @throws {AppError} `unauthenticated`
 */
export async function requireSession(tx: Db, { session }: SignedIn): Promise<void> {
	if (!(await goesOn(tx, session.id))) throw new AppError('unauthenticated', 'Please sign in.');
}

/** Ends all of a person's sessions, or all but one, on their very next call. */
export const endSessions = deleteSessions;

/** Gives a session that goes on a new token and id; it ends when it would have ended. */
export async function rotateSession(tx: Db, { user, session }: SignedIn, generation: number): Promise<NewSession> {
	const renewed = newSession({ userId: user.id, generation }, session.expiresAt);
	await renameSession(tx, session.id, renewed.id);
	return renewed;
}
