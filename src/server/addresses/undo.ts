import { noteEvent } from '../accounts/service.ts';
import type { Actor } from '../auth/actor.ts';
import { endSessions } from '../auth/signin.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction, violates, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import { dropConnections } from '../oauth/service.ts';
import { endLinks, renewReset, voidPassword } from '../passwords/service.ts';
import { discardSignUps } from '../signups/service.ts';
import { usable } from './link.ts';
import * as queries from './queries.ts';

const readUndo = async (tx: Db, token: string) => usable(await queries.findUndo(tx, hashToken(token)));

/**
 * What a link would undo, without using it: the address it leads back to, the present one, and what waits to replace it.
 * @throws {AppError} `not_found` when used, overtaken by an earlier one, or unknown; `expired`; `suspended`
 */
export async function findUndo(token: string): Promise<{ email: string; present: string; pending: string | null }> {
	const { email, present, pending } = await readUndo(db, token);
	return { email, present, pending };
}

/**
 * Gives an account back to whoever reads the mail of an address that it had. Nobody signs in until they have set a new
 * password, by the link that they are mailed.
 * @throws {AppError} what `findUndo` throws; `conflict` when another account has the address by now
 */
export async function undoChange(actor: Actor, token: string): Promise<void> {
	try {
		await transaction((tx) => undo(tx, actor, token));
	} catch (error) {
		if (!violates(error, 'user_email_key')) throw error;
		throw new AppError('conflict', 'Another account has this address by now. Please contact support.');
	}
}

async function undo(tx: Db, actor: Actor, token: string): Promise<void> {
	const { userId, email } = await readUndo(tx, token);
	await queries.lockOwner(tx, userId);
	await discardSignUps(tx, email);
	await queries.lockChanges(tx, email, userId);
	const { present } = await readUndo(tx, token);
	await queries.takeUndos(tx, userId, email);
	await queries.deleteChange(tx, userId);
	await queries.loseChanges(tx, email);
	await queries.updateAddress(tx, userId, email);
	await queries.keepAccount(tx, userId);
	await shutOut(tx, actor, userId);
	await noteEvent(tx, actor, userId, 'email.change_undone');
	await queueMail(tx, email, 'email_change_undone', { token: await renewReset(tx, userId, email) });
	if (present !== email) await queueMail(tx, present, 'email_taken_back', {});
}

/**
 * Ends every session and link, and takes away every way in: the mailbox alone is known to be the owner's. An older
 * connection goes, too, for who plans to take an account connects one first.
 */
async function shutOut(tx: Db, actor: Actor, userId: string): Promise<void> {
	await voidPassword(tx, userId);
	await dropConnections(tx, actor, userId);
	await endLinks(tx, userId);
	await endSessions(tx, userId);
}
