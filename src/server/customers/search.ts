import { sql, type RawBuilder } from 'kysely';
import { TOTAL_LIMIT } from '#lib/limits.ts';
import type { Db } from '../db.ts';
import { beyond, SORT_KEYS, type Range } from './queries.ts';

/** Words that are looked for at the most. */
const MOST_WORDS = 10;

/** Words of fewer customers than this are counted; how common any other one is, so many customers tell for all. */
const COUNTED = 2000;
const SAMPLE = 500;

/** The share of customers from which on a word is common: few steps along the list lead from one of them to the next. */
const COMMON = 0.15;

/** Customers that are collected and sorted for one page at the most. */
const MOST_COLLECTED = 80_000;

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

function inOrder({ sort, direction }: Range) {
	const way = sql.raw(direction);
	return sql`${sql.ref(SORT_KEYS[sort])} ${way}, customer_id ${way}`;
}

/** What begins the words of the customers in question, the rarest first, and whether even that is common. */
export type Search = { keys: string[]; isCommon: boolean };

/** How to look for words in an organisation. */
export async function planSearch(db: Db, orgId: string, words: string[]): Promise<Search> {
	const { rows } = await sql<{ key: string; share: number }>`
		select key, case when found < ${COUNTED} then 0 else (
			-- Ids are random, and so are the customers with the first of them.
			select count(*) filter (where strpos(search, key) > 0) / count(*)::float
			from (select search from customer where org_id = ${orgId} order by id limit ${SAMPLE}) as sample
		) end as share
		from unnest(${words}::text[]) as typed, left(search_key(typed), 64) as key, lateral (
			select count(*) as found
			from (select from customer_word where org_id = ${orgId} and ${begins(sql`key`)} limit ${COUNTED}) as first
		) as counted
		order by share, found, length(key) desc`.execute(db);
	const [{ key, share }] = rows as [(typeof rows)[number]];
	// A walk along two initials alone passes nobody in vain.
	const isExact = rows.length === 1 && [...key].length <= 3;
	return { keys: rows.map(({ key }) => key), isCommon: share >= COMMON || (isExact && share > 0) };
}

/** How many customers have all of the words, up to `TOTAL_LIMIT`. */
export async function countFound(db: Db, orgId: string, { keys: [key, ...others] }: Search): Promise<number> {
	const { rows } = await sql<{ total: number }>`
		select count(*)::int as total from (
			select from customer_word where org_id = ${orgId} and ${begins(sql`${key}`)} and ${holds(others)}
			limit ${TOTAL_LIMIT}
		) as counted`.execute(db);
	return rows[0]!.total;
}

/** The ids of customers who have all of the words. */
export async function searchCustomers(db: Db, orgId: string, { keys, isCommon }: Search, range: Range) {
	const collected = isCommon ? null : await collect(db, orgId, keys, range);
	return collected ?? (await walk(db, orgId, keys, range));
}

/** Reads everybody with the first word and sorts them; null when they are too many for that. */
async function collect(db: Db, orgId: string, [key, ...others]: string[], range: Range): Promise<string[] | null> {
	const { rows } = await sql<{ customerId: string; tooMany: boolean }>`
		select customer_id, nth > ${MOST_COLLECTED} as too_many
		from (
			select customer_id, search, email, created_at, row_number() over () as nth
			from customer_word where org_id = ${orgId} and ${begins(sql`${key}`)} limit ${MOST_COLLECTED + 1}
		) as found
		where nth > ${MOST_COLLECTED} or (${holds(others)} and ${beyond(range, 'customerId')})
		order by too_many desc, ${inOrder(range)} limit ${range.limit}`.execute(db);
	return rows[0]?.tooMany ? null : rows.map(({ customerId }) => customerId);
}

/** Reads those with the first word's two initials in the order of the list, until there are enough. */
async function walk(db: Db, orgId: string, keys: string[], range: Range): Promise<string[]> {
	const initials = [...keys[0]!].slice(0, 3).join('');
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
			select customer_id, ${sql.ref(SORT_KEYS[range.sort])} from customer_word
			where org_id = ${orgId} and initials = found and shared < 3 and shared < length(${keys[0]!})
				and ${holds(keys)} and ${beyond(range, 'customerId')}
			order by ${inOrder(range)} limit ${range.limit}
		) as page
		order by ${inOrder(range)} limit ${range.limit}`.execute(db);
	return rows.map(({ customerId }) => customerId);
}
