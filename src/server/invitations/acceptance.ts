import { createAccount } from '../accounts/service.ts';
import { audit, auditEach } from '../audit/service.ts';
import { enterOrg } from '../auth/access.ts';
import { actingAs, type Actor, type Doer, type SignedIn } from '../auth/actor.ts';
import { hashPassword, judgePassword } from '../auth/password.ts';
import { signIn } from '../auth/signin.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import { lockOrg } from '../orgs/service.ts';
import type { Settings } from '../settings.ts';
import { discardSignUps } from '../signups/service.ts';
import * as queries from './answers.ts';

const byLink = (token: string): queries.Key => ({ tokenHash: hashToken(token) });
const byId = (actor: SignedIn, id: string): queries.Key => ({ id, userId: actor.user.id });

const unknown = () =>
	new AppError('not_found', 'This invitation was already answered or revoked, or its link is not complete.');
const expired = () => new AppError('expired', 'This invitation has expired. Ask whoever invited you to send it again.');
const hasAccount = () =>
	new AppError('conflict', 'This address has an account already. Sign in to accept the invitation.');

/**
 * What a link invites to, without using it.
 * @throws {AppError} `not_found` when answered, revoked, replaced or unknown; `expired`
 */
export async function findInvitation(token: string) {
	const found = await queries.findInvitation(db, byLink(token));
	if (!found) throw unknown();
	if (found.expired) throw expired();
	const { orgName, email, role, expiresAt, accountExists } = found;
	return { org: { name: orgName }, email, role, expiresAt, accountExists };
}

/** Why an invitation could not be taken, which is looked up only then. */
async function refusal(tx: Db, key: queries.Key, userId: string | null): Promise<AppError> {
	const found = await queries.findInvitation(tx, key, userId);
	if (!found) return unknown();
	if (found.expired) return expired();
	if (userId !== null && !found.isCallers) {
		return new AppError('forbidden', `This invitation is for ${found.email}. Sign in as that person to accept it.`);
	}
	if (found.isSuspended) return new AppError('suspended', 'This organization is suspended. Please contact support.');
	const message = 'Whoever invited you may no longer do so. Ask an admin of the organization to send it again.';
	return new AppError('forbidden', message);
}

/**
 * Uses an invitation up. The lock on the organisation comes first, as wherever its members change: an inviter who is
 * demoted meanwhile lost the role before this, or loses it after.
 */
async function take(tx: Db, key: queries.Key, userId: string | null) {
	const found = await queries.findInvitation(tx, key);
	if (!found) throw unknown();
	const org = await lockOrg(tx, found.orgId);
	const invitation = await queries.takeInvitation(tx, key, userId);
	if (!org || !invitation) throw await refusal(tx, key, userId);
	return { org, invitation };
}

type Taken = Awaited<ReturnType<typeof take>>;

/** Makes somebody a member. Accepting changes nothing for who is one already, unless the service made them admin. */
async function join(tx: Db, doer: Doer, userId: string, { org, invitation }: Taken) {
	const { id, orgId, email, role, byService } = invitation;
	await enterOrg(tx, orgId);
	const joined = await queries.insertMembership(tx, orgId, { userId, role, raises: byService });
	await audit(tx, doer, orgId, 'invitation.accepted', { id, name: email }, joined ?? { already: true });
	return { slug: org.slug, name: org.name };
}

const acceptAt = (actor: SignedIn, key: queries.Key) =>
	transaction(async (tx) => ({
		org: await join(tx, actor, actor.user.id, await take(tx, key, actor.user.id))
	}));

/**
 * Accepts by link what was sent to the caller's own address.
 * @throws {AppError} `not_found`, `expired`; `suspended` while the organisation is; `forbidden` for somebody else's, or
 * when the inviter may no longer invite
 */
export const accept = (actor: SignedIn, token: string) => acceptAt(actor, byLink(token));

/** Accepts what waits for the caller. Throws what `accept` throws; somebody else's is `not_found`. */
export const acceptMine = (actor: SignedIn, id: string) => acceptAt(actor, byId(actor, id));

export type NewPerson = { password: string; firstName: string | null; lastName: string | null };

/**
 * Makes an account of the invited address, which the link proves, and signs it in as a member. Whatever sign-up waits
 * at the address is dropped: nobody knows who typed it.
 * @throws {AppError} as `accept`; `conflict` when the address has an account; `invalid` for a password easy to guess
 */
export async function acceptAsNew(actor: Actor, token: string, person: NewPerson, settings: Settings) {
	const { email, accountExists } = await findInvitation(token);
	if (accountExists) throw hasAccount();
	const { password, firstName, lastName } = person;
	await judgePassword(password, email, settings.password);
	const passwordHash = await hashPassword(password);
	return transaction(async (tx) => {
		const taken = await take(tx, byLink(token), null);
		await discardSignUps(tx, email);
		const account = await createAccount(tx, actor, { email, passwordHash, username: null, firstName, lastName });
		if (!account) throw hasAccount();
		const org = await join(tx, actingAs(actor, account.id), account.id, taken);
		return { org, session: await signIn(tx, actor, account.id, settings) };
	});
}

const declineAt = (actor: Actor, key: queries.Key) =>
	transaction(async (tx) => {
		const declined = await queries.declineInvitation(tx, key);
		if (!declined) throw (await queries.findInvitation(tx, key)) ? expired() : unknown();
		const { id, orgId, orgName, email, role, inviterEmail } = declined;
		await enterOrg(tx, orgId);
		await audit(tx, actor, orgId, 'invitation.declined', { id, name: email }, { role });
		if (inviterEmail) await queueMail(tx, inviterEmail, 'invitation_declined', { email, org: orgName });
	});

/**
 * Declines by link, for which nobody needs an account, and tells the inviter.
 * @throws {AppError} `not_found`, `expired`
 */
export const decline = (actor: Actor, token: string) => declineAt(actor, byLink(token));

/** Declines what waits for the caller. Throws what `decline` throws; somebody else's is `not_found`. */
export const declineMine = (actor: SignedIn, id: string) => declineAt(actor, byId(actor, id));

/**
 * Ends the invitations that somebody sent, or was sent, who leaves for good; in a transaction that sees all
 * organisations, for each has an entry in its log.
 */
export async function endInvitations(tx: Db, doer: Doer, { id, email }: { id: string; email: string }): Promise<void> {
	const ended = {
		'invitation.revoked': await queries.deleteSent(tx, id),
		'invitation.declined': await queries.deleteReceived(tx, email)
	};
	for (const [action, invitations] of Object.entries(ended)) {
		for (const [orgId, gone] of Map.groupBy(invitations, ({ orgId }) => orgId)) {
			const targets = gone.map((invitation) => ({ id: invitation.id, name: invitation.email }));
			await auditEach(tx, doer, orgId, action as keyof typeof ended, targets, {});
		}
	}
}
