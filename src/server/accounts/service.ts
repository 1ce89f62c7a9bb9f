import type { AccountAction } from '#lib/audit.ts';
import type { Actor } from '../auth/actor.ts';
import { db, violates, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import * as queries from './queries.ts';

export const findAccount = queries.findAccountByEmail;

/** Makes an account, without its username if that was taken meanwhile; nothing when the address has one already. */
export const createAccount = async (tx: Db, account: queries.NewAccount) =>
	(await queries.insertAccount(tx, account)) ??
	(account.username === null ? undefined : await queries.insertAccount(tx, { ...account, username: null }));

/** Notes what happened to a person's own account, and who it was that did it; commits with the change. */
export const noteEvent = (tx: Db, actor: Actor, userId: string, action: AccountAction, details = {}) =>
	queries.insertEvent(tx, {
		userId,
		action,
		details,
		ip: actor.ip,
		device: actor.device,
		requestId: actor.requestId
	});

/** @throws {AppError} `conflict` when the username belongs to somebody else */
export async function updateProfile(userId: string, change: queries.ProfileChange) {
	try {
		return await queries.updateProfile(db, userId, change);
	} catch (error) {
		if (!violates(error, 'user_username_key')) throw error;
		const taken = 'That username is taken. Choose another one.';
		throw new AppError('conflict', taken, { username: [taken] });
	}
}
