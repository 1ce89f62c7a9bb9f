import type { Db } from '../db.ts';
import * as queries from './queries.ts';

/**
 * Lets changes to an address die, since somebody has proven it: how many waited. It comes before the address is
 * written: whoever confirms one at this moment locks in the same order.
 */
export async function endClaims(tx: Db, email: string): Promise<number> {
	await queries.lockChanges(tx, email);
	return queries.loseChanges(tx, email);
}

/** Ends a change of address that waits, with its link: whoever asked for it may not be whom the account belongs to. */
export const endChange = queries.deleteChange;
