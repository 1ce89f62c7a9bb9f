import type { AccountAction } from '#lib/activity.ts';
import { noteEvent } from '../../accounts/service.ts';
import type { Anonymous, SignedIn } from '../../auth/actor.ts';
import { keepOperator } from '../../auth/operators.ts';
import { isHeldUp, transaction, type Db } from '../../db.ts';
import { AppError, invalid } from '../../errors.ts';
import { erase } from '../../erasure/service.ts';
import { dismiss } from '../../leaving/departure.ts';
import { queueMail } from '../../mail/service.ts';
import { renewReset } from '../../passwords/service.ts';
import { signOutEverywhere } from '../../sessions/service.ts';
import type { Settings } from '../../settings.ts';
import { openAccount } from '../../signups/service.ts';
import { endLoansOf } from '../impersonation/service.ts';
import { record } from '../log/service.ts';
import * as queries from './queries.ts';

export const missing = () => new AppError('not_found', 'There is no such person.');

/** Whoever sees what was done to their account need not see where from: that is an operator's own address and device. */
const unseen = ({ requestId }: SignedIn): Anonymous => ({ kind: 'anonymous', ip: '', device: '', requestId });

const note = (tx: Db, actor: SignedIn, userId: string, action: AccountAction, details?: object) =>
	noteEvent(tx, unseen(actor), userId, action, details);

async function lock(tx: Db, userId: string) {
	const person = await queries.lockPerson(tx, userId);
	if (!person) throw missing();
	return person;
}

function refuseOneself({ user }: SignedIn, userId: string): void {
	if (user.id === userId) throw new AppError('conflict', 'Nobody can do this to themselves. Ask another system admin.');
}

function refuseDeleted(isDeleted: boolean): void {
	if (isDeleted)
		throw new AppError('conflict', 'This person deleted their account. Only the link in their mail takes it back.');
}

export type NewPerson = { email: string; firstName: string | null; lastName: string | null };

/**
 * Makes an account, which is its person's once they set a password by the link that they are mailed.
 * @throws {AppError} `conflict` for an address that has an account
 */
export const createPerson = (actor: SignedIn, { email, ...names }: NewPerson, { mode, invitationDays }: Settings) =>
	transaction(async (tx) => {
		const person = { email, ...names, username: null, passwordHash: null, isUnproven: true as const };
		const account = await openAccount(tx, unseen(actor), person, { foundsOrg: mode === 'b2c' });
		if (!account) {
			const taken = 'This address has an account already.';
			throw new AppError('conflict', taken, { email: [taken] });
		}
		const { id } = account;
		const token = await renewReset(tx, id, email, invitationDays * 24);
		const expiresAt = new Date(Date.now() + invitationDays * 86_400_000).toISOString();
		await queueMail(tx, email, 'account_created', { token, expiresAt });
		await record(tx, actor, 'user.created', { userId: id });
		return { id, email };
	});

/** Takes an address for proven. Throws what `lock` throws. */
export const verifyPerson = (actor: SignedIn, userId: string): Promise<void> =>
	transaction(async (tx) => {
		if ((await lock(tx, userId)).verified) return;
		await queries.verify(tx, userId);
		await record(tx, actor, 'user.verified', { userId });
		await note(tx, actor, userId, 'account.verified');
	});

/**
 * Shuts a person out, for good or until a moment: they read so with their next call, and their keys are dead meanwhile.
 * Only the console shows why. Sessions wait; those of somebody who is not to come back are ended by themselves.
 * @throws {AppError} `conflict` for oneself; `invalid` for an end that is past; `not_found`; what `keepOperator` throws
 */
export async function suspendPerson(actor: SignedIn, userId: string, suspension: queries.Suspension): Promise<void> {
	const { reason, until } = suspension;
	refuseOneself(actor, userId);
	if (until && until.getTime() <= Date.now()) throw invalid('until', 'Choose an end that is still to come.');
	await transaction(async (tx) => {
		await keepOperator(tx, actor, userId);
		await lock(tx, userId);
		await queries.suspend(tx, userId, suspension);
		await endLoansOf(tx, userId);
		await record(tx, actor, 'user.suspended', { userId }, { reason, until });
		await note(tx, actor, userId, 'account.suspended');
	});
}

/**
 * Lifts a suspension. Looks again at what the caller may: who asks without end could else lift their own.
 * @throws {AppError} `conflict` for oneself; `not_found`; what `keepOperator` throws
 */
export async function activatePerson(actor: SignedIn, userId: string): Promise<void> {
	refuseOneself(actor, userId);
	await transaction(async (tx) => {
		await keepOperator(tx, actor, userId);
		if (!(await lock(tx, userId)).isSuspended) return;
		await queries.activate(tx, userId);
		await record(tx, actor, 'user.activated', { userId });
		await note(tx, actor, userId, 'account.activated');
	});
}

/** Signs a person out everywhere; how many sessions ended, those that were over not counted. Throws what `lock` throws. */
export const endSessionsOf = (actor: SignedIn, userId: string): Promise<number> =>
	transaction(async (tx) => {
		await lock(tx, userId);
		const count = await signOutEverywhere(tx, userId);
		if (count === 0) return 0;
		await record(tx, actor, 'user.sessions_ended', { userId }, { count });
		await note(tx, actor, userId, 'session.ended', { reason: 'service', count });
		return count;
	});

/**
 * Mails a person a link to set a password, whether or not they have one; it ends the one before.
 * @throws {AppError} `not_found`; `conflict` for somebody suspended or deleted, whom a password would not let in
 */
export const sendReset = (actor: SignedIn, userId: string): Promise<void> =>
	transaction(async (tx) => {
		const { email, isSuspended, isDeleted } = await lock(tx, userId);
		refuseDeleted(isDeleted);
		if (isSuspended) throw new AppError('conflict', 'This person is suspended. Lift the suspension first.');
		await queueMail(tx, email, 'reset_offered', { token: await renewReset(tx, userId, email) });
		await record(tx, actor, 'user.reset_sent', { userId });
	});

/**
 * Makes somebody a system admin, or takes that from them; it counts from their next call on.
 * @throws {AppError} `conflict` for oneself, and for whoever deleted their account; `not_found`; what `keepOperator` throws
 */
export async function setSysAdmin(actor: SignedIn, userId: string, sysAdmin: boolean): Promise<void> {
	refuseOneself(actor, userId);
	await transaction(async (tx) => {
		await keepOperator(tx, actor, userId);
		const { sysAdmin: before, isDeleted } = await lock(tx, userId);
		if (before === sysAdmin) return;
		if (sysAdmin) refuseDeleted(isDeleted);
		await queries.setSysAdmin(tx, userId, sysAdmin);
		await endLoansOf(tx, userId);
		await record(tx, actor, 'user.sys_admin_changed', { userId }, { before, after: sysAdmin });
		await note(tx, actor, userId, 'account.sys_admin_changed', { after: sysAdmin });
	});
}

/**
 * Erases a person at once and for good, as if they had deleted their account and the days to come back were over.
 * @throws {AppError} `conflict` for oneself, a system admin, and the last admin of others, and when a log is held for too
 * long just then: the job of every minute ends what has begun; `not_found`; what `keepOperator` throws
 */
export async function anonymizePerson(actor: SignedIn, userId: string): Promise<void> {
	refuseOneself(actor, userId);
	await transaction(async (tx) => {
		await keepOperator(tx, actor, userId);
		if (!(await dismiss(tx, unseen(actor), userId))) throw missing();
		await record(tx, actor, 'user.anonymized', { userId });
	});
	await erase(userId).catch((error: unknown) => {
		if (!isHeldUp(error)) throw error;
		throw new AppError(
			'conflict',
			'The account is gone. A log is in use right now: its traces there go within a minute.'
		);
	});
}
