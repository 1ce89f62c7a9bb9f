import { audit } from '../audit/service.ts';
import { inOrg } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import { readCustomers, type Refused } from './file.ts';
import { insertCustomers } from './queries.ts';

/** Rows that are written at once, and that one line of progress tells of. */
const CHUNK = 500;

export type Progress = { done: number; total: number };
export type Report = { imported: number; refused: Refused[]; kept: boolean };

/** Takes an import back by ending its transaction. */
class Undone extends Error {}

/**
 * Imports a CSV file, and with `allOrNothing` keeps none of it when one row is bad. Tells of its progress from the
 * moment that nothing is refused any more but rows; when `tell` throws, nothing is kept.
 * @throws {AppError} what `inOrg` throws; `invalid` for what is no file of customers
 */
export async function importCustomers(
	actor: Actor,
	slug: string,
	file: { text: string; allOrNothing: boolean },
	tell: (progress: Progress) => void
): Promise<Report> {
	const { total, customers, refused } = await readCustomers(file.text);
	// In one order, so that two imports of the same addresses cannot wait for each other.
	customers.sort((a, b) => (a.email < b.email ? -1 : 1));
	const inLines = () => refused.sort((a, b) => a.line - b.line);
	try {
		return await inOrg(actor, slug, 'customers.write', 'read write', async ({ actor, org, tx }) => {
			tell({ done: refused.length, total });
			let imported = 0;
			for (let start = 0; start < customers.length; start += CHUNK) {
				const chunk = customers.slice(start, start + CHUNK);
				const added = new Set(await insertCustomers(tx, org.id, chunk));
				const known = chunk.filter(({ email }) => !added.has(email));
				const reason = 'There is a customer with this address already.';
				refused.push(...known.map(({ line, email }) => ({ line, email, reason })));
				imported += added.size;
				tell({ done: total - customers.length + start + chunk.length, total });
			}
			if (file.allOrNothing && refused.length > 0) throw new Undone();
			if (imported > 0) await audit(tx, actor, org.id, 'customer.imported', {}, { count: imported });
			return { imported, refused: inLines(), kept: true };
		});
	} catch (error) {
		if (error instanceof Undone) return { imported: 0, refused: inLines(), kept: false };
		throw error;
	}
}
