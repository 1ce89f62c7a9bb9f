import { withoutLinks } from '#lib/links.ts';
import { createAccount, findAccount, noteEvent, type NewAccount } from '../accounts/service.ts';
import type { Actor } from '../auth/actor.ts';
import { hashPassword, judgePassword, type PasswordRules } from '../auth/password.ts';
import { signIn } from '../auth/signin.ts';
import { hashToken, newToken } from '../crypto.ts';
import { db, transaction, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { ORG_NAME_LENGTH, orgName } from '../fields.ts';
import { queueJob } from '../jobs.ts';
import { queueMail } from '../mail/service.ts';
import { foundOrg } from '../orgs/service.ts';
import type { Settings } from '../settings.ts';
import * as queries from './queries.ts';

export type NewSignUp = Omit<queries.SignUp, 'passwordHash' | 'browserHash'> & { password: string };

/** A link as it was opened, and the mark of the browser that opened it. */
export type Link = { token: string; browserToken: string | undefined };

/**
 * Keeps a sign-up until its address is proven. A taken address is told apart only by the job that mails,
 * so that the answer and its time are the same for both.
 */
export async function signUp(signUp: NewSignUp, browserToken: string, rules: PasswordRules): Promise<void> {
	const { password, ...person } = signUp;
	await judgePassword(password, person.email, rules);
	const passwordHash = await hashPassword(password);
	await transaction(async (tx) => {
		const { id } = await queries.insertSignUp(tx, { ...person, passwordHash, browserHash: hashToken(browserToken) });
		await queueJob(tx, 'verification', { signUpId: id });
	});
}

/**
 * The job behind a sign-up: mails its link, or tells whoever has the address that somebody tried. The sign-up of a
 * taken address stays, without a link: were it gone, a sign-in with its password would tell.
 */
export const sendVerification = (signUpId: string): Promise<void> =>
	transaction(async (tx) => {
		const waiting = await queries.findSignUp(tx, signUpId);
		if (!waiting) return;
		const { email } = waiting;
		const owner = await findAccount(tx, email);
		if (owner) return queueMail(tx, email, owner.eraseAfter ? 'sign_up_deleted' : 'sign_up_attempt', {});
		const token = newToken();
		if (await queries.renewSignUp(tx, signUpId, hashToken(token))) await queueMail(tx, email, 'verify', { token });
	});

const hashOf = (browserToken: string | undefined) => (browserToken ? hashToken(browserToken) : null);

/** Asks for the link of a waiting sign-up again; whether there is one, only the job finds out. */
export const requestVerification = (email: string, browserToken: string | undefined) =>
	queueJob(db, 'verification_again', { email, browserHash: hashOf(browserToken) });

/** The job behind "send it again". */
export async function sendVerificationAgain(of: { email: string; browserHash: string | null }): Promise<void> {
	const waiting = await queries.findSignUpByEmail(db, of.email, of.browserHash);
	if (waiting) await sendVerification(waiting.id);
}

const used = () => new AppError('not_found', 'This link was already used, or it is not complete.');

/**
 * What a link is good for, without using it.
 * @throws {AppError} `not_found` when used, replaced or unknown; `expired`
 */
export async function findVerification({ token, browserToken }: Link) {
	const waiting = await queries.findSignUpByToken(db, hashToken(token));
	if (!waiting) throw used();
	if (waiting.expired) throw new AppError('expired', 'This link has expired. Ask for a new one.');
	const passwordRequired = hashOf(browserToken) !== waiting.browserHash;
	return { email: waiting.email, passwordRequired };
}

/**
 * Makes the account of a sign-up, its organisation, and in the browser that signed up a session. In any other
 * browser `password` becomes the account's: the mailbox tells whose account it is, not who typed the sign-up.
 * @throws {AppError} `password_required`, `not_found`, `expired`; `invalid` for a password that is easy to guess
 */
export async function verifyEmail(actor: Actor, link: Link, password: string | undefined, settings: Settings) {
	const { email, passwordRequired } = await findVerification(link);
	if (!passwordRequired) return open(actor, link.token, { email, chosenHash: null }, settings);
	if (password === undefined) throw new AppError('password_required', 'Choose a password for your account.');
	await judgePassword(password, email, settings.password);
	return open(actor, link.token, { email, chosenHash: await hashPassword(password) }, settings);
}

/** Uses a link up: of all sign-ups of its address this one becomes the account, and the others are gone. */
const open = (
	actor: Actor,
	token: string,
	{ email, chosenHash }: { email: string; chosenHash: string | null },
	settings: Settings
) =>
	transaction(async (tx) => {
		const waiting = await queries.lockSignUps(tx, [email]);
		const mine = waiting.find((signUp) => signUp.tokenHash === hashToken(token));
		if (!mine) throw used();
		await queries.deleteSignUps(tx, [email]);

		const account = await createAccount(tx, actor, { ...mine, passwordHash: chosenHash ?? mine.passwordHash });
		if (!account) throw used();
		await foundOrg(tx, actor, account.id, { name: mine.organizationName ?? defaultOrgName(mine) });
		const session = chosenHash ? null : await signIn(tx, actor, account.id, settings);
		return { session, usernameTaken: mine.username !== account.username };
	});

/** Drops what waits at addresses, once they are proven otherwise; in the order that `verifyEmail` locks in. */
export async function discardSignUps(tx: Db, ...emails: string[]): Promise<number> {
	const waiting = await queries.lockSignUps(tx, emails);
	await queries.deleteSignUps(tx, emails);
	return waiting.length;
}

/**
 * Makes the account of somebody for whose address a provider vouches. Sign-ups that wait there die with their passwords
 * and links, and so do other accounts' changes to it: nobody knows who typed them. Nothing when another transaction made
 * the account at this moment.
 */
export async function openAccount(tx: Db, actor: Actor, person: NewAccount, { foundsOrg }: { foundsOrg: boolean }) {
	const discarded = await discardSignUps(tx, person.email);
	const account = await createAccount(tx, actor, person);
	if (!account) return undefined;
	if (discarded + account.claims > 0) await noteEvent(tx, actor, account.id, 'sign_up.discarded');
	if (foundsOrg) await foundOrg(tx, actor, account.id, { name: defaultOrgName(person) });
	return account;
}

/** As good as a name that is chosen: short, and nothing in it becomes a link in a mail. */
function defaultOrgName({ firstName, lastName, email }: Pick<NewAccount, 'firstName' | 'lastName' | 'email'>): string {
	const name = [firstName, lastName].filter(Boolean).join(' ') || (email.split('@')[0] ?? email);
	const shown = [...withoutLinks(name)].slice(0, ORG_NAME_LENGTH).join('').trim();
	return orgName.safeParse(shown).success ? shown : 'My organization';
}
