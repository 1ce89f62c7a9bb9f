import { noteEvent } from '../accounts/service.ts';
import type { Actor } from '../auth/actor.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction, violates, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import { endLinks } from '../passwords/service.ts';
import { discardSignUps } from '../signups/service.ts';
import { makeUndo, usable } from './link.ts';
import * as queries from './queries.ts';

const taken = () =>
	new AppError('conflict', 'This address belongs to another account by now. Ask for a change to a different one.');

async function readChange(tx: Db, token: string) {
	const change = usable(await queries.findChange(tx, hashToken(token)));
	if (change.lost) throw taken();
	return change;
}

/**
 * What a link would change, without using it: the new address, and the one it replaces.
 * @throws {AppError} `not_found` when used, replaced, cancelled or unknown; `expired`; `suspended`; `conflict` when
 * the address belongs to another account by now
 */
export async function findChange(token: string): Promise<{ email: string; from: string }> {
	const { email, from } = await readChange(db, token);
	return { email, from };
}

/**
 * Makes the new address the account's. What others had begun there dies, and so does every link to the old one but the
 * ways back. Sessions go on: ending them would help a thief to shut the owner out. Throws what `findChange` throws.
 */
export async function confirmChange(actor: Actor, token: string): Promise<void> {
	try {
		await transaction((tx) => confirm(tx, actor, token));
	} catch (error) {
		throw violates(error, 'user_email_key') ? taken() : error;
	}
}

async function confirm(tx: Db, actor: Actor, token: string): Promise<void> {
	const { userId, email, from } = await readChange(tx, token);
	await queries.lockOwner(tx, userId);
	const discarded = await discardSignUps(tx, email, from);
	await queries.lockChanges(tx, email, userId);
	// Once more: whoever held a lock before may have used, replaced, cancelled or beaten it.
	await readChange(tx, token);
	await queries.deleteChange(tx, userId);
	const claims = await queries.loseChanges(tx, email);
	await queries.updateAddress(tx, userId, email);
	await endLinks(tx, userId);
	await queries.prolongUndos(tx, userId, from);
	await noteEvent(tx, actor, userId, 'email.changed');
	if (claims + discarded > 0) await noteEvent(tx, actor, userId, 'sign_up.discarded');
	await queueMail(tx, from, 'email_changed', { token: await makeUndo(tx, userId, from), email });
	await queueMail(tx, email, 'email_confirmed', { from });
}
