import { noteEvent } from '../accounts/service.ts';
import type { Actor, SignedIn } from '../auth/actor.ts';
import { keepOperator } from '../auth/operators.ts';
import { endSessions, requireSession } from '../auth/signin.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import * as queries from './queries.ts';

/**
 * Takes a person out of sight and signs them out everywhere. They come back by signing in.
 * @throws {AppError} `unauthenticated` when the session that asks was ended meanwhile; `conflict` for the last system admin
 */
export const deactivate = (actor: SignedIn): Promise<void> =>
	transaction(async (tx) => {
		const { id } = actor.user;
		await keepOperator(tx, actor, id);
		const { email } = await queries.deactivate(tx, id);
		// Who is signed out elsewhere at this moment takes nobody along.
		await requireSession(tx, actor);
		await endSessions(tx, id);
		await noteEvent(tx, actor, id, 'account.deactivated');
		await queueMail(tx, email, 'deactivated', {});
	});

async function readRestoration(tx: Db, token: string) {
	const link = await queries.findRestoration(tx, hashToken(token));
	if (link?.expired) throw new AppError('expired', 'This link has expired, and the account is gone for good.');
	const { userId, email, expiresAt } = link ?? {};
	if (!userId || !email || !expiresAt) throw used();
	return { userId, email, expiresAt };
}

const used = () => new AppError('not_found', 'This link was already used, or it is not complete.');

/**
 * Which account a link takes back, and until when, without using it.
 * @throws {AppError} `not_found` when used or unknown; `expired`
 */
export async function findRestoration(token: string): Promise<{ email: string; expiresAt: Date }> {
	const { email, expiresAt } = await readRestoration(db, token);
	return { email, expiresAt };
}

/** Takes a deleted account back; nobody is signed in by that. Throws what `findRestoration` throws. */
export const restore = (actor: Actor, token: string): Promise<void> =>
	transaction(async (tx) => {
		const { userId } = await readRestoration(tx, token);
		// The person before their links, as everywhere: two who lock both would wait for each other.
		await queries.lockPerson(tx, userId);
		await readRestoration(tx, token);
		const restored = (await queries.takeRestoration(tx, hashToken(token))) && (await queries.comeBack(tx, userId));
		if (!restored) throw used();
		await noteEvent(tx, actor, userId, 'account.restored');
		await queueMail(tx, restored.email, 'account_restored', {});
	});
