import { OAUTH_ERRORS, type ProviderId } from '#lib/oauth.ts';
import { findAccount, lockProfile, noteEvent } from '../accounts/service.ts';
import type { Actor, SignedIn } from '../auth/actor.ts';
import { IDLE, type NewSession } from '../auth/session.ts';
import { goesOn, prove as proveSession, signIn } from '../auth/signin.ts';
import { db, transaction, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { isInvited } from '../invitations/service.ts';
import { queueMail } from '../mail/service.ts';
import type { Settings } from '../settings.ts';
import { openAccount } from '../signups/service.ts';
import * as identities from './identities.ts';
import { OAuthError } from './outward.ts';
import type { Claims } from './provider.ts';
import * as queries from './queries.ts';

export const { listConnections } = identities;

type Flow = Omit<queries.NewFlow, 'verifier' | 'nonce'>;

/**
 * What a visit was for, done: a session where it was to sign in.
 * @throws {OAuthError}; {AppError} `suspended`
 */
export async function settle(actor: Actor, flow: Flow, claims: Claims, settings: Settings): Promise<NewSession | null> {
	if (flow.intent === 'sign_in') return enter(actor, flow, claims, settings);
	await transaction((tx) => (flow.intent === 'link' ? link : prove)(tx, actor, flow, claims));
	return null;
}

/** Signs in whom an identity belongs to, and makes an account for one that is new here. */
export async function enter(actor: Actor, flow: Flow, claims: Claims, settings: Settings): Promise<NewSession> {
	const { provider, stateHash, beganIn } = flow;
	const { subject, email } = claims;
	const isOpen = settings.mode === 'b2c' && (await settings.isSignupOpen());
	try {
		return await transaction(async (tx) => {
			await identities.lockIdentity(tx, provider, subject);
			const known = await identities.findIdentity(tx, provider, subject);
			const userId = known?.userId ?? (await register(tx, actor, provider, claims, isOpen));
			const session = await signIn(tx, actor, userId, settings, { left: beganIn, provider });
			// It may have been taken away while this waited for the person's lock.
			if (known && !(await identities.findIdentity(tx, provider, subject))) throw new OAuthError('oauth_failed');
			return session;
		});
	} catch (error) {
		// No password is compared on this way: it says that the account is on its way out, to whom it belongs.
		if (error instanceof AppError && error.reason === 'invalid_credentials')
			throw new OAuthError('oauth_account_deleted');
		const waits = error instanceof OAuthError && error.reason === 'oauth_account_exists';
		if (waits && email) await queries.keepIdentity(db, stateHash, { subject, email });
		throw error;
	}
}

/**
 * Makes the account of a new identity; where strangers may make none, of one that is invited. An address that has one
 * proves nothing here: only its owner may connect.
 */
async function register(tx: Db, actor: Actor, provider: ProviderId, claims: Claims, isOpen: boolean) {
	const { subject, email, firstName, lastName, picture } = claims;
	if (!email) throw new OAuthError('oauth_email_unverified');
	if (await findAccount(tx, email)) throw new OAuthError('oauth_account_exists');
	if (!isOpen && !(await isInvited(tx, email))) throw new OAuthError('oauth_signup_closed');
	const person = { email, firstName, lastName, avatarUrl: picture, username: null, passwordHash: null };
	const account = await openAccount(tx, actor, person, { foundsOrg: isOpen });
	if (!account) throw new OAuthError('oauth_account_exists');
	await identities.insertIdentity(tx, { provider, subject, userId: account.id, email });
	return account.id;
}

/** The live session that a flow began in; a Strict cookie is missing on the way back, but another one is refused. */
async function findBeginning(tx: Db, actor: Actor, { beganIn }: Flow) {
	const foreign = actor.kind === 'user' && actor.session.id !== beganIn;
	const live = beganIn !== null && !foreign && (await queries.findLiveSession(tx, beganIn, IDLE));
	if (!live) throw new OAuthError('oauth_invalid_state');
	return { ...live, sessionId: beganIn };
}

async function link(tx: Db, actor: Actor, flow: Flow, { subject, email }: Claims): Promise<void> {
	const owner = await findBeginning(tx, actor, flow);
	const { userId, email: ownEmail, sessionId } = owner;
	await connect(tx, actor, { userId, ownEmail, sessionId }, flow.provider, { subject, email });
}

async function prove(tx: Db, actor: Actor, flow: Flow, { subject }: Claims): Promise<void> {
	const { userId, sessionId } = await findBeginning(tx, actor, flow);
	const known = await identities.findIdentity(tx, flow.provider, subject);
	if (known?.userId !== userId) throw new OAuthError('oauth_other_person');
	await proveSession(tx, sessionId);
}

type Owner = { userId: string; ownEmail: string; sessionId: string };

/**
 * Connects an identity to a person and tells them; connecting again what is connected changes nothing.
 * @throws {OAuthError} `conflict` when it is somebody else's, or they have another one of this provider;
 * `oauth_invalid_state` when the session that asked has ended
 */
async function connect(
	tx: Db,
	actor: Actor,
	{ userId, ownEmail, sessionId }: Owner,
	provider: ProviderId,
	{ subject, email }: { subject: string; email: string | null }
): Promise<void> {
	await identities.lockIdentity(tx, provider, subject);
	// Whoever signed everybody out held this lock: what they overtook connects nothing any more.
	await lockProfile(tx, userId);
	if (!(await goesOn(tx, sessionId))) throw new OAuthError('oauth_invalid_state');
	const made = await identities.insertIdentity(tx, { provider, subject, userId, email });
	if (made) {
		await noteEvent(tx, actor, userId, 'connection.added', { provider });
		await queueMail(tx, ownEmail, 'connection_added', { provider });
		return;
	}
	if ((await identities.findIdentity(tx, provider, subject))?.userId !== userId) throw new OAuthError('conflict');
}

/**
 * Connects the identity that waited for the owner of its address to sign in.
 * @throws {AppError} `not_found` when none waits in this browser any more; `conflict`; `unauthenticated` when the
 * session ended meanwhile
 */
export const connectWaiting = (actor: SignedIn, browserHashes: string[], provider: ProviderId): Promise<void> =>
	transaction(async (tx) => {
		const { user, session } = actor;
		const owner = { userId: user.id, ownEmail: user.email, sessionId: session.id };
		const waiting = await queries.takeWaiting(tx, browserHashes, user.email, provider);
		if (!waiting?.subject)
			throw new AppError('not_found', 'There is nothing to connect any more. Start again from here.');
		const identity = { subject: waiting.subject, email: waiting.email };
		await connect(tx, actor, owner, provider, identity).catch((error: unknown) => {
			if (!(error instanceof OAuthError)) throw error;
			if (error.reason !== 'conflict') throw new AppError('unauthenticated', 'Please sign in.');
			throw new AppError('conflict', OAUTH_ERRORS.conflict);
		});
	});

/**
 * Takes a connection away. A provider that is no longer offered is no way in.
 * @throws {AppError} `conflict` for the last way in; `not_found`
 */
export const disconnect = (actor: SignedIn, provider: ProviderId, { providers }: Settings): Promise<void> =>
	transaction(async (tx) => {
		const { id, email } = actor.user;
		await lockProfile(tx, id);
		if (!(await identities.deleteIdentity(tx, id, provider, Object.keys(providers) as ProviderId[]))) {
			const connected = (await identities.listConnections(tx, id)).some(
				(connection) => connection.provider === provider
			);
			if (!connected) throw new AppError('not_found', 'You have no such connection.');
			throw new AppError('conflict', 'This is your only way to sign in. Set a password first, then disconnect it.');
		}
		await noteEvent(tx, actor, id, 'connection.removed', { provider });
		await queueMail(tx, email, 'connection_removed', { provider });
	});

/** Takes away all connections of a person, even the last way in: they come by mail then. */
export async function dropConnections(tx: Db, actor: Actor, userId: string): Promise<void> {
	for (const { provider } of await identities.deleteIdentities(tx, userId)) {
		await noteEvent(tx, actor, userId, 'connection.removed', { provider });
	}
}

/**
 * Lets a browser finish what it began in a session whose id has changed. The flows of other browsers stay behind: they
 * may be a thief's, whose cookie opens nothing any more.
 */
export const keepFlows = queries.moveFlows;

/**
 * Forgets what past flows hold: tokens a minute after their end, identities with the flow's ten minutes, and the flows
 * themselves a day later. In batches, so it holds nobody up; several processes at once share the work.
 */
export async function forgetFlows(): Promise<void> {
	await repeat(async () => (await queries.forgetSessions(db)).numUpdatedRows);
	await repeat(async () => (await queries.forgetIdentities(db)).numUpdatedRows);
	await repeat(async () => (await queries.deleteFlows(db)).numDeletedRows);
}

async function repeat(forgetSome: () => Promise<bigint>): Promise<void> {
	while ((await forgetSome()) > 0n);
}
