import { noteEvent } from '../accounts/service.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction } from '../db.ts';
import { AppError } from '../errors.ts';
import { normalizeEmail } from '../fields.ts';
import type { Settings } from '../settings.ts';
import { signedInWith, type Actor } from './actor.ts';
import { attemptLogin } from './attempts.ts';
import { knownDevice } from './device.ts';
import { hashPassword, needsRehash, verifyPassword, wrongCredentials } from './password.ts';
import { deleteSession, findCredentials, upgradeHash } from './queries.ts';
import type { NewSession } from './session.ts';
import { signIn } from './signin.ts';

const unverified = () =>
	new AppError('email_not_verified', 'Please verify your e-mail address first: open the link we sent you.');

export type Credentials = { identifier: string; password: string; remember: boolean };

/**
 * Signs in by address or username. An account's hash is compared, or a dummy; and where a sign-up waits at the
 * address, its hash too, whether or not there is an account: neither the answer nor its time tells who exists.
 * @throws {AppError} `rate_limited`; `invalid_credentials`, and after the right password `email_not_verified` or `suspended`
 */
export async function logIn(
	actor: Actor,
	credentials: Credentials,
	settings: Settings,
	browserToken?: string
): Promise<NewSession> {
	const { password, remember } = credentials;
	const identifier = normalizeEmail(credentials.identifier);
	const found = await findCredentials(db, identifier, browserToken ? hashToken(browserToken) : null);
	const { id, generation, passwordHash, verified, waitingHash } = found;
	// By its id, an account is one by its address and by its username.
	const account = id === null ? `typed ${identifier}` : `user ${id}`;
	const device = id === null ? undefined : knownDevice(actor.deviceCookie, { userId: id, generation });
	let isAccounts = false;
	const isRight = await attemptLogin(actor, { account, device }, settings.limits, async () => {
		const [accounts, waiting] = await Promise.all([
			verifyPassword(passwordHash, password),
			waitingHash !== null && verifyPassword(waitingHash, password)
		]);
		isAccounts = accounts;
		return accounts || waiting;
	});
	if (!isRight) throw wrongCredentials();
	if (!isAccounts || !id || !passwordHash || !verified) throw unverified();

	const entrance = { remember, provenHash: passwordHash };
	const session = await transaction((tx) => signIn(tx, actor, id, settings, entrance));
	if (needsRehash(passwordHash)) await upgradeHash(db, id, { from: passwordHash, to: await hashPassword(password) });
	return session;
}

/** Ends the session of this browser, and for whom its operator acted; without one there is nothing to end. */
export async function logOut(actor: Actor): Promise<void> {
	if (actor.kind !== 'user') return;
	await transaction(async (tx) => {
		const ended = await deleteSession(tx, signedInWith(actor));
		if (ended) await noteEvent(tx, actor, ended.userId, 'session.ended');
	});
}
