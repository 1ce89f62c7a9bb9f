import { db, transaction } from '../db.ts';
import { AppError } from '../errors.ts';
import { normalizeEmail } from '../fields.ts';
import { waitingPasswordHash } from '../signups/service.ts';
import type { Actor } from './actor.ts';
import { hashPassword, needsRehash, verifyPassword } from './password.ts';
import { findCredentials, upgradeHash } from './queries.ts';
import { endSession, type NewSession } from './session.ts';
import { signIn } from './signin.ts';

const refused = () =>
	new AppError('invalid_credentials', 'That is not the right password, or there is no such account.');
const unverified = () =>
	new AppError('email_not_verified', 'Please verify your e-mail address first: open the link we sent you.');

export type Credentials = { identifier: string; password: string; remember: boolean };

/**
 * Signs in by address or username. One hash is compared whoever is asked for: the account's, that of a sign-up
 * that waits for its click, or a dummy, so that neither the answer nor its time tells who exists.
 * @throws {AppError} `invalid_credentials`, and after the right password `email_not_verified` or `suspended`
 */
export async function logIn(actor: Actor, credentials: Credentials, browserToken?: string): Promise<NewSession> {
	const { password, remember } = credentials;
	const identifier = normalizeEmail(credentials.identifier);
	const by = identifier.includes('@') ? 'email' : 'username';

	const account = await findCredentials(db, by, identifier);
	const waiting = await waitingPasswordHash(identifier, browserToken);
	if (!(await verifyPassword(account ? account.passwordHash : waiting, password))) throw refused();
	if (!account?.passwordHash || !account.emailVerifiedAt) throw unverified();

	if (needsRehash(account.passwordHash)) {
		await upgradeHash(db, account.id, { from: account.passwordHash, to: await hashPassword(password) });
	}
	return transaction((tx) => signIn(tx, actor, account.id, remember));
}

/** Ends the session of this browser; without one there is nothing to end. */
export async function logOut(actor: Actor): Promise<void> {
	if (actor.kind === 'user') await endSession(actor.session.id);
}
