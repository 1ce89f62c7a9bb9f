import { audit } from '../audit/service.ts';
import { inOrg, type Inside } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import { csvLine } from '../csv.ts';
import { isHeldUp, violates } from '../db.ts';
import { AppError } from '../errors.ts';
import { noteUse } from '../usage/service.ts';
import * as queries from './queries.ts';

export const { findCustomer } = queries;

/** Also what somebody else's organisation has. */
export const missing = () => new AppError('not_found', 'There is no such customer. It may have been deleted.');

export const TAKEN = 'There is a customer with this address already.';

/** Turns what PostgreSQL refuses of a customer into words; anything else stays what it is. */
export function refuse(error: unknown): never {
	if (violates(error, 'customer_org_id_email_key')) throw new AppError('conflict', TAKEN, { email: [TAKEN] });
	// It was deleted between finding it and writing.
	if (violates(error, 'customer_org_id_fkey') || violates(error, 'quota_use_org_id_fkey'))
		throw new AppError('not_found', 'Organization not found.');
	if (!isHeldUp(error)) throw error;
	const message = 'Somebody else is importing or changing customers right now. Please try again in a moment.';
	throw new AppError('conflict', message);
}

/** @throws {AppError} `conflict` when the organisation has a customer with this address, or is importing one */
export async function createCustomer({ actor, org, tx }: Inside, customer: queries.NewCustomer) {
	await queries.waitBriefly(tx);
	const created = await queries.insertCustomer(tx, org.id, customer).catch(refuse);
	await audit(tx, actor, org.id, 'customer.created', { id: created.id, name: created.name });
	await noteUse({ actor, org, tx }, 'customers', 1);
	return created;
}

/**
 * Changes what is given; what stays the same leaves no trace.
 * @throws {AppError} `not_found`; `conflict` when another customer has the address, or is imported with it
 */
export async function updateCustomer({ actor, org, tx }: Inside, id: string, change: Partial<queries.NewCustomer>) {
	await queries.waitBriefly(tx);
	const before = await queries.lockCustomer(tx, org.id, id).catch(refuse);
	if (!before) throw missing();
	const { name = before.name, email = before.email, phone = before.phone, notes = before.notes } = change;
	const after = { name, email, phone, notes };
	const changed = (['name', 'email', 'phone'] as const).filter((field) => after[field] !== before[field]);
	if (changed.length === 0 && notes === before.notes) return before;
	const updated = await queries.updateCustomer(tx, org.id, id, after).catch(refuse);

	const valuesOf = (of: queries.NewCustomer) => Object.fromEntries(changed.map((field) => [field, of[field]]));
	const details = {
		...(changed.length > 0 && { before: valuesOf(before), after: valuesOf(after) }),
		...(notes !== before.notes && { notes: 'changed' })
	};
	await audit(tx, actor, org.id, 'customer.updated', { id, name }, details);
	return updated;
}

/** @throws {AppError} `not_found` */
export async function deleteCustomer({ actor, org, tx }: Inside, id: string): Promise<{ deleted: true }> {
	const deleted = await queries.deleteCustomer(tx, org.id, id);
	if (!deleted) throw missing();
	await audit(tx, actor, org.id, 'customer.deleted', { id, name: deleted.name });
	return { deleted: true };
}

/** Rows of an export that are read at once: a transaction is open for milliseconds, however slow the reader is. */
const BATCH = 500;

/** What an import reads, so that whatever is exported can be imported again. */
const HEADER = ['name', 'email', 'phone', 'notes'];

/**
 * All customers as CSV, by name, in pieces. Who may read them is asked for each piece: the first throws what `inOrg`
 * throws, and so does a later one when the right was taken away meanwhile.
 */
export async function* exportCustomers(actor: Actor, slug: string): AsyncGenerator<string, undefined> {
	// Without the mark, Excel takes the file for Latin-1.
	let head = `\uFEFF${csvLine(HEADER)}`;
	let rows: Awaited<ReturnType<typeof queries.listCustomers>>;
	let after: queries.Place | undefined;
	do {
		const range = { sort: 'name', direction: 'asc', after, limit: BATCH } as const;
		rows = await inOrg(actor, slug, 'customers.read', 'read only', ({ tx, org }) =>
			queries.listCustomers(tx, org.id, range)
		);
		const lines = rows.map(({ name, email, phone, notes }) => csvLine([name, email, phone ?? '', notes ?? '']));
		yield head + lines.join('');
		head = '';
		const last = rows.at(-1);
		if (last) after = [last.search, last.id];
	} while (rows.length === BATCH);
}
