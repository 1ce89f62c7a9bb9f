import { findAccount, noteEvent } from '../accounts/service.ts';
import type { SignedIn } from '../auth/actor.ts';
import { requireSession } from '../auth/signin.ts';
import { hashToken, newToken } from '../crypto.ts';
import { transaction } from '../db.ts';
import { AppError, invalid } from '../errors.ts';
import { queueJob } from '../jobs.ts';
import { queueMail } from '../mail/service.ts';
import { makeUndo } from './link.ts';
import * as queries from './queries.ts';

/**
 * Asks for a change of address, in place of one that waits. The present address gets a notice with a way to undo it.
 * Whether the new one is free, only the job finds out that mails its link: neither the answer nor its time can tell.
 * @throws {AppError} `invalid` for the present address; `unauthenticated` when the session ended meanwhile
 */
export const requestChange = (actor: SignedIn, email: string): Promise<void> =>
	transaction(async (tx) => {
		const { id } = actor.user;
		const owner = await queries.lockOwner(tx, id);
		await requireSession(tx, actor);
		// A session that still stands has its person.
		const { email: present } = owner!;
		if (present === email) throw invalid('email', 'This is your address already.');
		const change = await queries.putChange(tx, id, email);
		await queueJob(tx, 'email_change', { changeId: change.id });
		await noteEvent(tx, actor, id, 'email.change_requested');
		const token = await makeUndo(tx, id, present);
		await queueMail(tx, present, 'email_change_requested', { token, email });
	});

/** The job behind a change: mails its link, or tells whoever has the address that somebody tried. */
export const sendConfirmation = (changeId: string): Promise<void> =>
	transaction(async (tx) => {
		const change = await queries.findUnsentChange(tx, changeId);
		if (!change) return;
		const { email, from } = change;
		if (await findAccount(tx, email)) return queueMail(tx, email, 'email_change_attempt', {});
		const token = newToken();
		if (await queries.setToken(tx, changeId, hashToken(token))) {
			await queueMail(tx, email, 'confirm_email', { token, from });
		}
	});

const nothingWaits = () => new AppError('not_found', 'No change of your address is under way any more.');

/**
 * Sends the link of the caller's change again, which ends the one before.
 * @throws {AppError} `not_found` when no change waits
 */
export const resendChange = (actor: SignedIn): Promise<void> =>
	transaction(async (tx) => {
		const change = await queries.renewChange(tx, actor.user.id);
		if (!change) throw nothingWaits();
		await queueJob(tx, 'email_change', { changeId: change.id });
	});

/**
 * Ends the caller's change. The ways to undo stay good: it may be somebody else who cancels, and asks anew.
 * @throws {AppError} `not_found` when no change waits
 */
export const cancelChange = (actor: SignedIn): Promise<void> =>
	transaction(async (tx) => {
		const ended = await queries.deleteChange(tx, actor.user.id);
		if (!ended || ended.expired) throw nothingWaits();
		await noteEvent(tx, actor, actor.user.id, 'email.change_cancelled');
	});
