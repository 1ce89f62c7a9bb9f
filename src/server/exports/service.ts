import { noteEvent } from '../accounts/service.ts';
import type { SignedIn } from '../auth/actor.ts';
import { hashToken, newToken, open } from '../crypto.ts';
import { db, transaction } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueJob } from '../jobs.ts';
import { queueMail } from '../mail/service.ts';
import { copyAll } from './copy.ts';
import * as queries from './queries.ts';

/**
 * Asks for a copy of all that is held of the caller, instead of the one before; its link comes by mail.
 * @throws {AppError} `conflict` while one is being made
 */
export const requestExport = (actor: SignedIn): Promise<void> =>
	transaction(async (tx) => {
		const { id } = actor.user;
		await queries.deletePast(tx, id);
		const made = await queries.insertExport(tx, id);
		if (!made) throw new AppError('conflict', 'A copy of your data is being made already. We mail you its link.');
		await queueJob(tx, 'account_export', { exportId: made.id });
		await noteEvent(tx, actor, id, 'account.exported');
	});

/** The job behind an export. Whatever was cut off is begun anew; after the last try, the person may ask again. */
export async function makeExport(exportId: string, isLast: boolean): Promise<void> {
	const begun = await queries.beginExport(db, exportId);
	if (!begun) return;
	try {
		await copyAll(begun, begun.userId);
	} catch (error) {
		if (isLast) await queries.failExport(db, exportId);
		throw error;
	}
	await transaction(async (tx) => {
		const token = newToken();
		const finished = await queries.finishExport(tx, begun, hashToken(token));
		if (!finished?.email) return;
		await queries.deleteOtherPieces(tx, begun);
		await queueMail(tx, finished.email, 'export_ready', { token });
	});
}

/** Drops a person's copy, with its link. */
export const endExport = queries.deleteExport;

/**
 * The copy behind a link.
 * @throws {AppError} `not_found` when it is somebody else's, replaced or unknown; `expired`
 */
export async function findCopy({ user }: SignedIn, token: string) {
	const copy = await queries.findCopy(db, user.id, hashToken(token));
	if (!copy) throw new AppError('not_found', 'This link was replaced, or it is not complete, or it is not yours.');
	if (copy.expired) throw new AppError('expired', 'This link has expired. Ask for another copy of your data.');
	return copy;
}

/** Its text, read while it is sent. Throws what `findCopy` throws. */
export async function* readCopy(actor: SignedIn, token: string): AsyncGenerator<string, undefined> {
	const copy = await findCopy(actor, token);
	for (let position = 0; ; position++) {
		const piece = await queries.findPiece(db, copy, position);
		if (!piece) return;
		yield open('export', piece.sealed);
	}
}
