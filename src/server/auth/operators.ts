import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import type { SignedIn } from './actor.ts';
import { listOperators, lockOperators } from './queries.ts';

/**
 * Comes before whatever could take from a person that they can run the service: their standing, their account. Waits for
 * others who do the same at this moment, and looks again at what the caller may; it locks before all else,
 * or two who hold each other's person would wait for ever. Also before what people do to themselves who cannot when they
 * ask: somebody may let them at this moment, and leave it to them.
 * @throws {AppError} `conflict` for the last person who can; `forbidden` when the caller cannot any more
 */
export async function keepOperator(tx: Db, { user }: SignedIn, userId: string): Promise<void> {
	await lockOperators(tx);
	const operators = await listOperators(tx);
	if (user.id !== userId && !operators.includes(user.id)) {
		throw new AppError('forbidden', 'Only an administrator of this service may do this.');
	}
	if (!operators.includes(userId) || operators.length > 1) return;
	throw new AppError('conflict', 'The service needs at least one system admin. Make somebody else one first.');
}
