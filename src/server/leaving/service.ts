import { noteEvent } from '../accounts/service.ts';
import type { SignedIn } from '../auth/actor.ts';
import { keepOperator } from '../auth/operators.ts';
import { endSessions, goesOn } from '../auth/signin.ts';
import { transaction } from '../db.ts';
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
		if (actor.user.sysAdmin) await keepOperator(tx, actor, id);
		const { email } = await queries.deactivate(tx, id);
		// Who is signed out elsewhere at this moment takes nobody along.
		if (!(await goesOn(tx, actor.session.id))) throw new AppError('unauthenticated', 'Please sign in.');
		await endSessions(tx, id);
		await noteEvent(tx, actor, id, 'account.deactivated');
		await queueMail(tx, email, 'deactivated', {});
	});
