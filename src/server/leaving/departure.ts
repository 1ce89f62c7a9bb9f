import { noteEvent } from '../accounts/service.ts';
import { endChange } from '../addresses/claim.ts';
import { enterAll } from '../auth/access.ts';
import type { Doer, SignedIn } from '../auth/actor.ts';
import { keepOperator } from '../auth/operators.ts';
import { endSessions, requireSession } from '../auth/signin.ts';
import { hashToken, newToken } from '../crypto.ts';
import { transaction, type Db } from '../db.ts';
import { AppError, invalid } from '../errors.ts';
import { endExport } from '../exports/service.ts';
import { normalizeEmail } from '../fields.ts';
import { endInvitations } from '../invitations/acceptance.ts';
import { queueMail } from '../mail/service.ts';
import { endLinks } from '../passwords/service.ts';
import * as queries from './queries.ts';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Takes turns with other admins who leave, and refuses whoever would leave people behind without one. */
async function handOver(tx: Db, userId: string): Promise<void> {
	const stranded = (await queries.listStranded(tx, userId)).map(({ name }) => name);
	if (stranded.length === 0) return;
	const orgs = inWords.format(stranded);
	throw new AppError(
		'conflict',
		`${orgs}: people are left there, and no other admin. Somebody else has to be made admin first.`
	);
}

/**
 * Ends all that lets a person in, or acts for them; what they were told and did stays until they are erased. A way back
 * to an address stays as well: whoever stole an account could else move it, and delete it out of its owner's reach.
 */
async function endAll(tx: Db, doer: Doer, person: { id: string; email: string }): Promise<void> {
	await enterAll(tx);
	await endInvitations(tx, doer, person);
	await endChange(tx, person.id);
	await endLinks(tx, person.id);
	await endSessions(tx, person.id);
	await endExport(tx, person.id);
	await queries.deleteRestorations(tx, person.id);
}

/**
 * Deletes the account of whoever asks: from now on they are to everybody as if they were not there. A mail brings them
 * back for 14 days; then they are erased. Answers until when.
 * @throws {AppError} `invalid` unless `confirm` is their address; `conflict` for the last admin of others, and for the
 * last who runs the service; `unauthenticated` when the session was ended meanwhile
 */
export const deleteAccount = (actor: SignedIn, confirm: string): Promise<Date> =>
	transaction(async (tx) => {
		const { id } = actor.user;
		await keepOperator(tx, actor, id);
		await queries.lockAdministered(tx, id);
		const person = await queries.depart(tx, id);
		await requireSession(tx, actor);
		const { email, eraseAfter } = person!;
		if (normalizeEmail(confirm) !== email) throw invalid('confirm', `Type ${email} to confirm.`);
		await handOver(tx, id);
		await endAll(tx, actor, { id, email });
		const token = newToken();
		await queries.insertRestoration(tx, id, hashToken(token), eraseAfter);
		await noteEvent(tx, actor, id, 'account.deleted');
		await queueMail(tx, email, 'account_deleted', { token, until: eraseAfter.toISOString() });
		return eraseAfter;
	});

/**
 * Deletes somebody's account in the name of the service, to be erased at once: no mail brings them back. False when
 * there is no such person.
 * @throws {AppError} `conflict` for who runs the service, and for the last admin of others
 */
export async function dismiss(tx: Db, doer: Doer, userId: string): Promise<boolean> {
	await queries.lockAdministered(tx, userId);
	const person = await queries.depart(tx, userId, true);
	if (!person) return false;
	if (person.sysAdmin) throw new AppError('conflict', 'This person runs the service. Take that from them first.');
	await handOver(tx, userId);
	await endAll(tx, doer, person);
	return true;
}
