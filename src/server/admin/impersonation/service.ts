import { noteEvent } from '../../accounts/service.ts';
import type { SignedIn } from '../../auth/actor.ts';
import { lentSession } from '../../auth/session.ts';
import { transaction, violates, type Db } from '../../db.ts';
import { AppError } from '../../errors.ts';
import { record } from '../log/service.ts';
import * as queries from './queries.ts';

/** How long an operator acts as somebody else at the most, in milliseconds: thirty minutes. */
const LOAN_MS = 30 * 60 * 1000;

const signedOut = () => new AppError('unauthenticated', 'Please sign in.');

/**
 * Lets an operator act as somebody else, in a session of that person's which ends with the operator's own. The reason
 * stands in the console's log; the person sees in their activity that it happened, and who it was.
 * @throws {AppError} `not_found`; `forbidden` for a sys_admin, and so for oneself; `conflict` for whoever is suspended or
 * has deactivated their account; `unauthenticated` when the operator's session ended meanwhile
 */
export async function impersonate(actor: SignedIn, userId: string, reason: string) {
	const lent = lentSession(new Date(Math.min(Date.now() + LOAN_MS, actor.session.expiresAt.getTime())));
	const loan = { id: lent.id, userId, ownId: actor.session.id, expiresAt: lent.expiresAt };
	try {
		await transaction(async (tx) => {
			const handle = await queries.lendSession(tx, loan);
			if (!handle) throw await refusal(tx, userId);
			const impersonator = { id: actor.user.id };
			const acting = { ...actor, user: { id: userId }, session: { handle, impersonator } };
			await noteEvent(tx, acting, userId, 'session.impersonated');
			await record(tx, actor, 'user.impersonated', { userId }, { reason });
		});
	} catch (error) {
		throw violates(error, 'session_impersonator_session_id_fkey') ? signedOut() : error;
	}
	return lent;
}

/** For whoever takes from a person what a loan takes: it is over then, also where they get it back before its end. */
export const { endLoansOf } = queries;

/** Why nobody may act as somebody. */
async function refusal(tx: Db, userId: string): Promise<AppError> {
	const person = await queries.findPerson(tx, userId);
	if (!person) return new AppError('not_found', 'There is no such person.');
	if (person.sysAdmin) return new AppError('forbidden', 'Nobody can act as a system administrator.');
	const standing = person.isSuspended ? 'is suspended' : 'has deactivated their account';
	return new AppError('conflict', `This person ${standing}, so nobody can act as them.`);
}

/**
 * Ends the session in which an operator acts as somebody else; when their own ends, where it still goes on.
 * @throws {AppError} `conflict` to whoever acts for themselves; `unauthenticated` when it ended meanwhile
 */
export async function stopImpersonating(actor: SignedIn): Promise<Date | undefined> {
	const { id, impersonator } = actor.session;
	if (!impersonator) throw new AppError('conflict', 'You are signed in as yourself.');
	return transaction(async (tx) => {
		if (!(await queries.endLoan(tx, id))) throw signedOut();
		const operator = { ...actor, user: impersonator };
		await record(tx, operator, 'user.impersonation_ended', { userId: actor.user.id });
		return (await queries.findOwn(tx, impersonator.sessionId))?.expiresAt;
	});
}
