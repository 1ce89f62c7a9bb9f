import { displayName } from '#lib/format.ts';
import { withoutLinks } from '#lib/links.ts';
import { atLeast, type OrgRole } from '#lib/roles.ts';
import { audit, auditEach } from '../audit/service.ts';
import type { PersonInside } from '../auth/access.ts';
import type { SignedIn } from '../auth/actor.ts';
import { hashToken, newToken } from '../crypto.ts';
import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMails } from '../mail/service.ts';
import { lockOrg } from '../orgs/service.ts';
import * as queries from './queries.ts';

/** Invitation mails that an organisation may ask for on a day (UTC): with more it would be a way to send spam. */
const MAILS_A_DAY = 50;

/** Who invites, into what. */
type Inviting = { tx: Db; actor: SignedIn; org: { id: string; name: string } };

/** The deployment's say: for how many days an invitation is good, and what multiplies the mails of a day; 0 lifts that limit. */
type Rules = { days: number; factor: number };

/** What an invitation offers. */
export type Offer = Rules & { role: OrgRole };

/** Takes turns with whoever invites, answers or deletes the organisation at this moment. */
async function takeTurn({ tx, org }: Inviting): Promise<void> {
	if (!(await lockOrg(tx, org.id))) throw new AppError('not_found', 'Organization not found.');
}

function mayGive({ org }: PersonInside, role: OrgRole): void {
	if (!atLeast(org.role, role)) throw new AppError('forbidden', 'You cannot invite to a role above your own.');
}

/** How many of these mails may go out today. */
async function claimMails({ tx, org }: Inviting, mails: number, factor: number): Promise<number> {
	if (mails === 0 || factor === 0) return mails;
	const beyond = (await queries.countMails(tx, org.id, mails)) - mailsADay(factor);
	return Math.max(0, mails - Math.max(0, beyond));
}

const mailsADay = (factor: number) => Math.max(1, Math.floor(MAILS_A_DAY * factor));

function usedUp({ factor }: Rules): AppError {
	const untilMidnight = 86_400 - (Math.floor(Date.now() / 1000) % 86_400);
	const message = `Your organization has sent its ${mailsADay(factor)} invitations of today. Try again tomorrow.`;
	return new AppError('rate_limited', message, null, untilMidnight);
}

/** Characters of an inviter's name that a mail shows at the most: a subject is no place for a message. */
const INVITER_LENGTH = 60;

type Sent = { email: string; token: string; expiresAt: Date };

function mailLinks({ tx, actor, org }: Inviting, role: OrgRole, sent: Sent[]) {
	// Not by an address, nor by a name like one: mail programs would make links of them.
	const name = withoutLinks(displayName({ ...actor.user, email: '' }));
	const inviter = [...name].slice(0, INVITER_LENGTH).join('') || 'An administrator';
	const mails = sent.map(({ email, token, expiresAt }) => ({
		to: email,
		props: { token, org: org.name, inviter, role, expiresAt: expiresAt.toISOString() }
	}));
	return queueMails(tx, 'invitation', mails);
}

/** Makes invitations, with their mails and their entries in the log. */
async function insert(inviting: Inviting, emails: string[], { role, days }: Omit<Offer, 'factor'>, byService = false) {
	if (emails.length === 0) return [];
	const { tx, actor, org } = inviting;
	const tokens = new Map(emails.map((email) => [email, newToken()]));
	const links = [...tokens].map(([email, token]) => ({ email, tokenHash: hashToken(token) }));
	const made = await queries.insertInvitations(tx, org.id, links, { role, days, invitedBy: actor.user.id, byService });
	const targets = made.map(({ id, email }) => ({ id, name: email }));
	await auditEach(tx, actor, org.id, 'invitation.created', targets, { role });
	const sent = made.map(({ email, expiresAt }) => ({ email, expiresAt, token: tokens.get(email)! }));
	await mailLinks(inviting, role, sent);
	return made;
}

/** Invites those of these addresses that are free, as far as today's mails reach. */
async function invite(inside: PersonInside, emails: string[], offer: Offer) {
	mayGive(inside, offer.role);
	await takeTurn(inside);
	const known = await queries.findStandings(inside.tx, inside.org.id, emails);
	const standings = new Map(known.map(({ email, standing }) => [email, standing]));
	const free = emails.filter((email) => !standings.has(email));
	const made = await insert(inside, free.slice(0, await claimMails(inside, free.length, offer.factor)), offer);
	return { standings, made: new Map(made.map((invitation) => [invitation.email, invitation])) };
}

const REFUSALS: Record<queries.Standing, string> = {
	already_invited: 'This address is invited already. You can send the invitation again.',
	already_member: 'This person is a member already.'
};

/**
 * Invites an address, and mails it a link.
 * @throws {AppError} `forbidden` for a role above the caller's; `conflict` when invited or a member; `rate_limited`
 */
export async function inviteOne(inside: PersonInside, email: string, offer: Offer) {
	const { standings, made } = await invite(inside, [email], offer);
	const standing = standings.get(email);
	if (standing) throw new AppError('conflict', REFUSALS[standing]);
	const invitation = made.get(email);
	if (!invitation) throw usedUp(offer);
	return { id: invitation.id, expiresAt: invitation.expiresAt };
}

/** An address as it was given, and in its normal form if it is one. */
export type Given = { text: string; email: string | undefined };

export type Outcome = 'invited' | queries.Standing | 'invalid' | 'limit';

/**
 * Invites whom it can, and says of each address, in the order given, what became of it.
 * @throws {AppError} `forbidden` for a role above the caller's
 */
export async function inviteMany(inside: PersonInside, given: Given[], offer: Offer) {
	const emails = new Set(given.flatMap(({ email }) => email ?? []));
	const { standings, made } = await invite(inside, [...emails], offer);
	const outcomeOf = (email: string | undefined): Outcome => {
		if (email === undefined) return 'invalid';
		// Who is named again was invited by the first naming.
		if (!made.delete(email)) return standings.get(email) ?? 'limit';
		standings.set(email, 'already_invited');
		return 'invited';
	};
	return given.map(({ text, email }) => ({ email: text, outcome: outcomeOf(email) }));
}

/**
 * Sends an invitation again, under another link and in the caller's name; the link before is dead.
 * @throws {AppError} `not_found`; `forbidden` for a role above the caller's; `rate_limited`
 */
export async function resend(inside: PersonInside, id: string, rules: Rules) {
	const { tx, actor, org } = inside;
	await takeTurn(inside);
	const token = newToken();
	const link = { tokenHash: hashToken(token), invitedBy: actor.user.id, days: rules.days };
	const invitation = await queries.renewInvitation(tx, org.id, id, link);
	if (!invitation) throw missing();
	const { email, role, expiresAt } = invitation;
	mayGive(inside, role);
	if ((await claimMails(inside, 1, rules.factor)) === 0) throw usedUp(rules);
	await audit(tx, actor, org.id, 'invitation.resent', { id: invitation.id, name: email }, { role });
	await mailLinks(inside, role, [{ email, token, expiresAt }]);
	return { id: invitation.id, expiresAt };
}

const missing = () => new AppError('not_found', 'This invitation is gone: it was answered, or revoked.');

/** @throws {AppError} `not_found` when there is nothing to revoke any more */
export async function revoke({ tx, actor, org }: PersonInside, id: string): Promise<void> {
	const revoked = await queries.deleteInvitation(tx, org.id, id);
	if (!revoked) throw missing();
	const { email, role } = revoked;
	await audit(tx, actor, org.id, 'invitation.revoked', { id: revoked.id, name: email }, { role });
}

/**
 * Invites an org_admin in the name of the service, into the organisation that `tx` has entered: instead of what the
 * address was invited to, and a member, too, so that no organisation stays without one. Counts against no limit.
 * @throws {AppError} `not_found` when the organisation was just deleted
 */
export async function inviteAdmin(tx: Db, actor: SignedIn, org: Inviting['org'], email: string, days: number) {
	const inviting = { tx, actor, org };
	await takeTurn(inviting);
	const [made] = await insert(inviting, [email], { role: 'org_admin', days }, true);
	return { id: made!.id, expiresAt: made!.expiresAt };
}

/** Whether an address is invited anywhere, by somebody who could do so today. */
export const isInvited = async (db: Db, email: string) => (await queries.findWaiting(db, email)) !== undefined;
