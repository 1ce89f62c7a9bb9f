import { sql, type SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import { TOTAL_LIMIT } from '#lib/limits.ts';
import type { Db } from './db.ts';
import { invalid } from './errors.ts';
import { isStorable } from './fields.ts';

/** What every list takes. */
export const paging = {
	limit: z.number().int().min(1).max(100).default(25).meta({ description: 'Items of a page at the most.' }),
	cursor: z.string().max(4000).meta({ description: 'The `nextCursor` of the page before.' }).optional()
};

export type Page<Row> = { items: Row[]; nextCursor: string | null; total: number | null };

/** `Date.UTC` would take the year 1 for 1901. */
const FIRST_YEAR = Date.parse('0001-01-01T00:00:00Z');

/** A moment as a caller names it; PostgreSQL knows no year 0. */
export const instant = z.iso
	.datetime({ offset: true, error: 'Use an ISO timestamp, like 2030-01-31T12:00:00Z.' })
	.transform((value) => new Date(value))
	.refine((value) => value.getTime() >= FIRST_YEAR, 'Use a year from 1 on.');

/** Where a page ended: what its last row is sorted by, the id last. Whoever alters it sees other rows of the same list. */
const writeCursor = (key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The key that a page begins after; nothing for the first page.
 * @throws {AppError} `invalid` when no page of this list ended there
 */
export function readCursor<T>(cursor: string | undefined, key: z.ZodType<T>): T | undefined {
	if (cursor === undefined) return undefined;
	const nowhere = invalid('cursor', 'There is no such page of this list. Start again from its first page.');
	try {
		const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		if (isStorable(place)) return key.parse(place);
	} catch {
		throw nowhere;
	}
	throw nowhere;
}

/** A page of rows that were read with one more than asked for, which tells whether there is another page. */
export function toPage<Row>(
	rows: Row[],
	limit: number,
	total: number | null,
	key: (last: Row) => unknown[]
): Page<Row> {
	const items = rows.slice(0, limit);
	const last = items.at(-1);
	return { items, nextCursor: last && rows.length > limit ? writeCursor(key(last)) : null, total };
}

/** Counts the rows of a query, up to `TOTAL_LIMIT`. */
export async function countRows<D, T extends keyof D, O>(db: Db, rows: SelectQueryBuilder<D, T, O>): Promise<number> {
	const {
		rows: [counted]
	} = await sql<{ total: number }>`
		select count(*)::int as total from (${rows.limit(TOTAL_LIMIT)}) as counted`.execute(db);
	return counted!.total;
}
