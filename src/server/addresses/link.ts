import { hashToken, newToken } from '../crypto.ts';
import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import * as queries from './queries.ts';

/** The token of a new way back to an address. */
export async function makeUndo(tx: Db, userId: string, email: string): Promise<string> {
	const token = newToken();
	await queries.insertUndo(tx, { tokenHash: hashToken(token), userId, email });
	return token;
}

/** A link that was found, unless it came too late or its person may do nothing. */
export function usable<Link extends { expired: boolean; isSuspended: boolean }>(link: Link | undefined): Link {
	if (!link) throw new AppError('not_found', 'This link was already used, or it is not complete.');
	if (link.expired) throw new AppError('expired', 'This link has expired.');
	if (link.isSuspended) throw new AppError('suspended', 'This account is suspended. Please contact support.');
	return link;
}
