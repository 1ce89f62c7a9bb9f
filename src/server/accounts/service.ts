import type { AccountAction } from '#lib/activity.ts';
import { endClaims } from '../addresses/claim.ts';
import { refuseImpersonator } from '../auth/admission.ts';
import { identityOf, operatorOf, type Actor, type Doer, type SignedIn } from '../auth/actor.ts';
import { sign, signatures } from '../crypto.ts';
import { transaction, violates, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import * as queries from './queries.ts';

export const findAccount = queries.findAccountByEmail;
export const { listEvents, lockProfile, selectEvents } = queries;
export type { NewAccount } from './queries.ts';

/** Whether a name is kept for somebody who was erased. Asked once the name is taken, no such person slips in between. */
const isKept = (tx: Db, username: string) => queries.isKept(tx, signatures('username', username));

/** Keeps the username of somebody who is erased in this transaction, as a keyed hash: nobody takes it for 90 days. */
export const keepName = (tx: Db, username: string) => queries.keepName(tx, sign('username', username));

/**
 * Makes an account, without its username if that was taken meanwhile, or is kept; nothing when the address has one
 * already. Changes of other accounts to its address die; `claims` says how many.
 */
export async function createAccount(tx: Db, actor: Actor, account: queries.NewAccount) {
	const claims = await endClaims(tx, account.email);
	const made =
		(await queries.insertAccount(tx, account)) ??
		(account.username === null ? undefined : await queries.insertAccount(tx, { ...account, username: null }));
	if (!made) return undefined;
	const { id } = made;
	const username = made.username !== null && (await isKept(tx, made.username)) ? null : made.username;
	if (username !== made.username) await queries.clearUsername(tx, id);
	await noteEvent(tx, actor, id, 'account.created');
	return { id, username, claims };
}

/**
 * Notes what happened to a person's own account, and where from; commits with the change. Whoever signs in as somebody
 * else again, or follows a link of theirs, is an operator to the one whom they act as alone; from where, is for no
 * person to see.
 */
export function noteEvent(tx: Db, actor: Doer, userId: string, action: AccountAction, details = {}) {
	const impersonatorId = identityOf(actor).id === userId ? operatorOf(actor) : null;
	const { ip, device } = impersonatorId === null ? actor : { ip: '', device: '' };
	return queries.insertEvent(tx, { userId, impersonatorId, action, details, ip, device, requestId: actor.requestId });
}

const FIELDS = ['username', 'firstName', 'lastName', 'timeZone'] as const;

function taken(): AppError {
	const message = 'That username is taken. Choose another one.';
	return new AppError('conflict', message, { username: [message] });
}

/**
 * Changes what a person is called and where they are. Their username is a way in, so it is theirs alone to change.
 * @throws {AppError} `conflict` when the username belongs to somebody else, or did until lately; `impersonating`
 */
export async function updateProfile(actor: SignedIn, change: queries.ProfileChange) {
	const { id } = actor.user;
	try {
		return await transaction(async (tx) => {
			const before = await queries.lockProfile(tx, id);
			const after = await queries.updateProfile(tx, id, change);
			const changed = FIELDS.filter((field) => after[field] !== before[field]);
			if (changed.includes('username')) refuseImpersonator(actor);
			if (changed.includes('username') && after.username && (await isKept(tx, after.username))) throw taken();
			if (changed.length > 0) await noteEvent(tx, actor, id, 'profile.updated', { changed });
			return after;
		});
	} catch (error) {
		throw violates(error, 'user_username_key') ? taken() : error;
	}
}
