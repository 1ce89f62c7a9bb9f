import { lockProfile, noteEvent } from '../accounts/service.ts';
import { endChange } from '../addresses/claim.ts';
import type { Actor, SignedIn } from '../auth/actor.ts';
import { attemptProof } from '../auth/attempts.ts';
import type { Known } from '../auth/device.ts';
import { hashPassword, judgePassword, verifyPassword, type PasswordRules } from '../auth/password.ts';
import type { NewSession } from '../auth/session.ts';
import { endSessions, goesOn, prove, rotateSession } from '../auth/signin.ts';
import { provenUntil, requireProof } from '../auth/stepup.ts';
import { hashToken, newToken } from '../crypto.ts';
import { db, transaction, type Db } from '../db.ts';
import { AppError, invalid } from '../errors.ts';
import { queueJob } from '../jobs.ts';
import { queueMail } from '../mail/service.ts';
import { keepFlows } from '../oauth/service.ts';
import type { Settings } from '../settings.ts';
import * as queries from './queries.ts';

const used = () => new AppError('not_found', 'This link was already used, or it is not complete.');
const expired = () => new AppError('expired', 'This link has expired. Ask for a new one.');

/** Asks for a link. Whether the address has an account, only the job finds out: the answer cannot tell. */
export const requestReset = (email: string) => queueJob(db, 'password_reset', { email });

/** The job behind "forgot password": one link that works, and no mail to a stranger. */
export const sendResetLink = (email: string): Promise<void> =>
	transaction(async (tx) => {
		const owner = await queries.lockOwner(tx, email);
		if (!owner) return;
		await queueMail(tx, email, 'reset', { token: await renewReset(tx, owner.id, email) });
	});

/**
 * The token of a new link to set a person's password, which works for so many hours and ends the one before. The caller
 * holds the person's lock.
 */
export async function renewReset(tx: Db, userId: string, email: string, hours = 1): Promise<string> {
	const token = newToken();
	await queries.deleteTokens(tx, userId, 'reset');
	await queries.insertResetToken(tx, { hash: hashToken(token), userId, email, hours });
	return token;
}

/** Ends every link that was sent to a person. */
export const endLinks = (tx: Db, userId: string) => queries.deleteTokens(tx, userId, 'all');

export const { voidPassword } = queries;

/** Whether somebody has a password to prove themselves by. */
export const hasPassword = async (userId: string): Promise<boolean> =>
	(await queries.findPasswordHash(db, userId)) !== null;

/**
 * Whom a link is for, without using it.
 * @throws {AppError} `not_found` when used, replaced or unknown; `expired`
 */
export async function findReset(token: string): Promise<{ email: string }> {
	const { email } = await readReset(token);
	return { email };
}

async function readReset(token: string) {
	const link = await queries.findResetToken(db, hashToken(token));
	if (!link) throw used();
	if (link.expired) throw expired();
	return link;
}

/**
 * Sets a new password through a link, ends every session, other link and change under way, and tells the owner. Answers
 * the account as browsers are known to it from then on.
 */
export async function resetPassword(
	actor: Actor,
	token: string,
	password: string,
	rules: PasswordRules
): Promise<Known> {
	const { userId, email } = await readReset(token);
	await judgePassword(password, email, rules);
	const passwordHash = await hashPassword(password);
	return transaction(async (tx) => {
		// The person before their links, as everywhere: two who lock both would wait for each other.
		await lockProfile(tx, userId);
		const link = await queries.takeResetToken(tx, hashToken(token));
		if (!link) throw used();
		const { generation } = await queries.resetPassword(tx, link.userId, passwordHash);
		await queries.deleteTokens(tx, link.userId, 'all');
		await endChange(tx, link.userId);
		await endSessions(tx, link.userId);
		await noteEvent(tx, actor, link.userId, 'password.reset');
		await queueMail(tx, link.email, 'password_reset', {});
		return { userId, generation };
	});
}

/**
 * Confirms by the password that it is still the same person who signed in; until when that counts.
 * @throws {AppError} `invalid` on the field; `rate_limited`; `unauthenticated` when the session, or its password, ended meanwhile
 */
export async function reauthenticate(
	{ user, session }: SignedIn,
	password: string,
	{ limits }: Settings
): Promise<Date> {
	const current = await queries.findPasswordHash(db, user.id);
	if (!current) throw invalid('password', 'You have no password yet. Confirm with a provider that you have connected.');
	const isRight = await attemptProof(session.handle, limits, () => verifyPassword(current, password));
	if (!isRight) throw invalid('password', 'That is not your password.');
	const proof = await prove(db, session.id);
	if (!proof) throw new AppError('unauthenticated', 'Please sign in.');
	return provenUntil(proof.provenAt);
}

export type PasswordChange = {
	currentPassword: string | undefined;
	newPassword: string;
	/** The visits to providers that this browser has under way; they go on in the session's new id. */
	browserHashes: string[];
};

/**
 * Changes the password of somebody signed in: other sessions end and their browsers are known no more, this one gets a
 * new id, links to reset and a change of address under way die.
 * @throws {AppError} `invalid` on the field that is wrong; `rate_limited`; `conflict` when two changes meet; for a first
 * password `step_up_required`
 */
export async function changePassword(
	actor: SignedIn,
	{ currentPassword, newPassword, browserHashes }: PasswordChange,
	{ password: rules, limits }: Settings
): Promise<NewSession> {
	const { user, session } = actor;
	const current = await queries.findPasswordHash(db, user.id);
	if (!current) requireProof(actor);
	const check = () => verifyPassword(current, currentPassword ?? '');
	if (current && !(await attemptProof(session.handle, limits, check))) {
		throw invalid('currentPassword', 'That is not your current password.');
	}
	await judgePassword(newPassword, user.email, rules, 'newPassword');
	const to = await hashPassword(newPassword);
	return transaction(async (tx) => {
		const changed = await queries.replacePassword(tx, user.id, { from: current, to });
		// Whoever signed everybody out held the person's lock: what they overtook changes nothing any more.
		if (!changed || !(await goesOn(tx, session.id)))
			throw new AppError('conflict', 'Your password was changed somewhere else just now. Please sign in again.');
		await queries.deleteTokens(tx, user.id, 'reset');
		await endChange(tx, user.id);
		await endSessions(tx, user.id, session.id);
		await noteEvent(tx, actor, user.id, 'password.changed');
		await queueMail(tx, changed.email, 'password_changed', {});
		const renewed = await rotateSession(tx, actor, changed.generation);
		await keepFlows(tx, browserHashes, session.id, renewed.id);
		return renewed;
	});
}
