import { sql, type RawBuilder } from 'kysely';
import { TOTAL_LIMIT } from '#lib/limits.ts';
import type { Db } from '../db.ts';
import { beyond, SORT_KEYS, type Range } from './queries.ts';

/** Words that are looked for at the most. */
const MOST_WORDS = 10;

/** Customers that are collected and sorted for one page at the most: some 20 ms. */
const FEW = 60_000;

/** Greater than whatever a word goes on with. */
const END = '\u{10FFFF}';

/** The words of what somebody typed or pasted, without the signs around them. */
export const wordsOf = (q: string): string[] =>
	q
		.normalize('NFKC')
		.split(/\s+/u)
		.map((word) => word.replace(/^[^\p{L}\p{N}]+(?=.*[\p{L}\p{N}])|(?<=[\p{L}\p{N}].*)[,;:"'’”»)>\]}]+$/gu, ''))
		.filter(Boolean)
		.slice(0, MOST_WORDS);

/** True where a customer has a word that begins with `key`, and only for the first of their words that does. */
const begins = (key: RawBuilder<unknown>) =>
	sql<boolean>`word >= ${key} and word < ${key} || ${END} and shared < length(${key})`;

/** True where the search text holds all of these, too. */
const holds = (keys: string[]) =>
	sql<boolean>`${sql.join([sql`true`, ...keys.map((key) => sql`strpos(search, ${key}) > 0`)], sql` and `)}`;

/** What to look for in the words of customers, the rarest first. */
export async function searchKeys(db: Db, orgId: string, words: string[]): Promise<string[]> {
	const { rows } = await sql<{ key: string }>`
		select key from unnest(${words}::text[]) as typed, left(search_key(typed), 64) as key, lateral (
			select count(*) as found
			from (select from customer_word where org_id = ${orgId} and ${begins(sql`key`)} limit 2000) as sample
		) as counted
		order by found, length(key) desc`.execute(db);
	return rows.map(({ key }) => key);
}

/** How many customers have all of the words, up to `TOTAL_LIMIT`. */
export async function countFound(db: Db, orgId: string, [key, ...others]: string[]): Promise<number> {
	const { rows } = await sql<{ total: number }>`
		select count(*)::int as total from (
			select from customer_word where org_id = ${orgId} and ${begins(sql`${key}`)} and ${holds(others)}
			limit ${TOTAL_LIMIT}
		) as counted`.execute(db);
	return rows[0]!.total;
}

/** The ids of customers who have all of the words, the rarest of which stands first. */
export const searchCustomers = async (db: Db, orgId: string, keys: string[], range: Range): Promise<string[]> =>
	(await collect(db, orgId, keys, range)) ?? (await walk(db, orgId, keys, range));

/** Reads everybody with the first word and sorts them; null when they are too many for that. */
async function collect(db: Db, orgId: string, [key = '', ...others]: string[], range: Range): Promise<string[] | null> {
	// One letter is a walk without a detour.
	if (key.length <= 2) return null;
	const { sort, direction, limit } = range;
	const by = sql`${sql.ref(SORT_KEYS[sort])} ${sql.raw(direction)}, customer_id ${sql.raw(direction)}`;
	const { rows } = await sql<{ customerId: string; tooMany: boolean }>`
		select customer_id, nth > ${FEW} as too_many
		from (
			select customer_id, search, email, created_at, row_number() over () as nth
			from customer_word where org_id = ${orgId} and ${begins(sql`${key}`)} limit ${FEW + 1}
		) as found
		where nth > ${FEW} or (${holds(others)} and ${beyond(range, 'customerId')})
		order by too_many desc, ${by} limit ${limit}`.execute(db);
	return rows[0]?.tooMany ? null : rows.map(({ customerId }) => customerId);
}

/** Reads those with the first word's two initials in the order of the list, until there are enough. */
async function walk(db: Db, orgId: string, keys: string[], range: Range): Promise<string[]> {
	const { sort, direction, limit } = range;
	const initials = [...keys[0]!].slice(0, 3).join('');
	const by = sql`${sql.ref(SORT_KEYS[sort])} ${sql.raw(direction)}, customer_id ${sql.raw(direction)}`;
	const next = (after: RawBuilder<unknown>) => sql`(
		select initials from customer_word
		where org_id = ${orgId} and shared < 3 and initials ${after} and initials < ${initials + END}
		order by initials limit 1
	)`;
	const { rows } = await sql<{ customerId: string }>`
		with recursive beginning as (
			select ${next(sql`>= ${initials}`)} as found
			union all
			select ${next(sql`> found`)} from beginning where found is not null
		)
		select customer_id from beginning, lateral (
			select customer_id, ${sql.ref(SORT_KEYS[sort])} from customer_word
			where org_id = ${orgId} and initials = found and shared < 3 and shared < length(${keys[0]!})
				and ${holds(keys)} and ${beyond(range, 'customerId')}
			order by ${by} limit ${limit}
		) as page
		order by ${by} limit ${limit}`.execute(db);
	return rows.map(({ customerId }) => customerId);
}
