import pLimit from 'p-limit';
import { audit } from '../audit/service.ts';
import { inOrg } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import type { Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { readCustomers, type Contents, type Refused } from './file.ts';
import { lockLeft, noteUse, quotaExceeded } from '../usage/service.ts';
import { claimImport, insertCustomers, listKnown } from './queries.ts';
import { refuse, TAKEN } from './service.ts';

/** Rows that are written at once, and that one line of progress tells of. */
const CHUNK = 500;

export type Progress = { done: number; total: number };
export type Report = { imported: number; refused: Refused[]; kept: boolean };

/** Each holds one of the process's connections for seconds. */
const slot = pLimit(2);

/** Files that wait for a slot: half a minute for the last of them. */
const QUEUE = 6;

type Row = Contents['customers'][number];

/** Of the rows whose address is new, as many as are left to add; and those whose address is known. */
async function fit(tx: Db, orgId: string, rows: Row[], left: number): Promise<Row[]> {
	const known = new Set(await listKnown(tx, orgId, rows));
	let fresh = 0;
	return rows.filter(({ email }) => known.has(email) || fresh++ < left);
}

/** Takes an import back by ending its transaction. */
class Undone extends Error {}

/**
 * Imports a CSV file, and with `allOrNothing` keeps none of it when one row is bad. Tells of its progress from the
 * moment that nothing is refused any more but rows; when `tell` throws, nothing is kept.
 * @throws {AppError} what `inOrg` throws; `invalid` for what is no file of customers; `overloaded` when too many wait
 * already; `conflict` while the organisation has another import
 */
export async function importCustomers(...work: Parameters<typeof importNow>): Promise<Report> {
	if (slot.pendingCount >= QUEUE) {
		throw new AppError('overloaded', 'Many files are being imported right now. Please try again in a minute.');
	}
	return slot(importNow, ...work);
}

async function importNow(
	actor: Actor,
	slug: string,
	file: { text: string; allOrNothing: boolean },
	tell: (progress: Progress) => void
): Promise<Report> {
	const { total, customers, refused } = await readCustomers(file.text);
	const inLines = () => refused.sort((a, b) => a.line - b.line);
	try {
		return await inOrg(actor, slug, 'customers.write', 'read write', async ({ actor, org, tx }) => {
			if (!(await claimImport(tx, org.id))) {
				throw new AppError('conflict', 'Another import is under way here. Wait until it is done.');
			}
			tell({ done: refused.length, total });
			let imported = 0;
			let over = '';
			const room = await lockLeft(tx, org.id, 'customers').catch(refuse);
			for (let start = 0; start < customers.length; start += CHUNK) {
				const chunk = customers.slice(start, start + CHUNK);
				const left = room === null ? CHUNK : room - imported;
				const fitting = left < chunk.length ? await fit(tx, org.id, chunk, left) : chunk;
				const added = new Set(await insertCustomers(tx, org.id, fitting).catch(refuse));
				const rest = chunk.filter(({ email }) => !added.has(email));
				if (fitting.length < chunk.length) over ||= (await quotaExceeded(tx, org.id, 'customers')).message;
				const reasonOf = (row: Row) => (fitting.includes(row) ? TAKEN : over);
				refused.push(...rest.map((row) => ({ line: row.line, email: row.email, reason: reasonOf(row) })));
				imported += added.size;
				tell({ done: total - customers.length + start + chunk.length, total });
			}
			if (file.allOrNothing && refused.length > 0) throw new Undone();
			if (imported > 0) await audit(tx, actor, org.id, 'customer.imported', {}, { count: imported });
			await noteUse({ actor, org, tx }, 'customers', imported);
			return { imported, refused: inLines(), kept: true };
		});
	} catch (error) {
		if (error instanceof Undone) return { imported: 0, refused: inLines(), kept: false };
		throw error;
	}
}
