import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import type { Standing } from '#lib/standing.ts';
import type { Db } from '../../db.ts';
import { isSuspended } from '../../live.ts';
import { standing } from './queries.ts';

export const SORTS = ['createdAt', 'name', 'email', 'lastSeenAt'] as const;
export const DIRECTIONS = ['desc', 'asc'] as const;
export type Sort = (typeof SORTS)[number];

/** Whom a reader asks for; `q` begins a name, an address, a username or an id. */
export type PersonFilter = { q?: string; standing?: Standing; verified?: boolean; sysAdmin?: boolean };

/** A person's place in a list: what it is sorted by, which is null for who was never seen, and their id. */
export type Place = [key: string | Date | null, id: string];

type Order = { sort: Sort; direction: (typeof DIRECTIONS)[number] };
export type Range = Order & { after: Place | undefined; limit: number };

/** What an index sorts people by. */
const KEYS = {
	createdAt: sql`created_at`,
	name: sql`search_name`,
	email: sql`email collate "C"`,
	lastSeenAt: sql`coalesce(last_seen_at, '-infinity')`
};

const IS = {
	active: sql<boolean>`not ${isSuspended} and deactivated_at is null`,
	suspended: isSuspended,
	deactivated: sql<boolean>`deactivated_at is not null and not ${isSuspended}`
};

/** Greater than whatever a text goes on with. */
const END = '\u{10FFFF}';

/** Signs of an id from which on it is looked for by its beginning: fewer are a word more often. */
const ID_SIGNS = 4;

/** The first and the last id that begin like this; nothing for what begins none. */
function idsLike(q: string): [from: string, to: string] | undefined {
	const signs = q.replaceAll('-', '').toLowerCase();
	if (!/^[\da-f]{1,32}$/.test(signs) || signs.length < ID_SIGNS) return undefined;
	return [signs.padEnd(32, '0'), signs.padEnd(32, 'f')];
}

function beginsWith(q: string) {
	const columns = [sql`search_name`, sql`search_last_name`, sql`email collate "C"`, sql`username collate "C"`];
	const ways = columns.map((column) => sql`${column} >= fold(${q}) and ${column} < fold(${q}) || ${END}`);
	const ids = idsLike(q);
	if (ids) ways.push(sql`id between ${ids[0]}::uuid and ${ids[1]}::uuid`);
	return sql<boolean>`(${sql.join(ways, sql` or `)})`;
}

/** The people that a filter lets through. */
export const peopleOf = (db: Db, { q, standing, verified, sysAdmin }: PersonFilter) =>
	db
		.selectFrom('user')
		.$if(Boolean(q), (people) => people.where(beginsWith(q!)))
		.$if(standing !== undefined, (people) => people.where(IS[standing!]))
		.$if(verified !== undefined, (people) => people.where('emailVerifiedAt', verified ? 'is not' : 'is', null))
		.$if(sysAdmin !== undefined, (people) =>
			people.where(sysAdmin ? sql<boolean>`sys_admin` : sql<boolean>`not sys_admin`)
		);

/** True for who stands after a place. */
function beyond({ sort, direction }: Order, [key, id]: Place) {
	const comparison = sql.raw(direction === 'asc' ? '>' : '<');
	return sql<boolean>`(${KEYS[sort]}, id) ${comparison} (${key ?? '-infinity'}, ${id}::uuid)`;
}

/** As many are collected and sorted for one page at the most. */
const COLLECTED = 25_000;

/** How many people a filter lets through, up to `COLLECTED`. */
export async function countPeople(db: Db, filter: PersonFilter): Promise<number> {
	const {
		rows: [counted]
	} = await sql<{ found: number }>`
		select count(*)::int as found from (${peopleOf(db, filter).limit(COLLECTED)}) as counted`.execute(db);
	return counted!.found;
}

const ITEM = ['id', 'email', 'username', 'firstName', 'lastName', 'avatarUrl', 'createdAt', 'lastSeenAt'] as const;

/**
 * The people of a page, of `found` in all. Few are collected and sorted, wherever they stand in the order; many are soon
 * met on a walk along it.
 */
export function selectPeople(db: Db, filter: PersonFilter, range: Range, found: number) {
	const { sort, direction, after, limit } = range;
	const people = peopleOf(db, filter)
		.select(ITEM)
		.select(['sysAdmin', 'suspendedUntil', 'searchName'])
		.select([standing.as('standing'), sql<boolean>`email_verified_at is not null`.as('verified')])
		// Left to itself PostgreSQL always walks: it takes whoever passes for spread evenly over the order.
		.$if(found < COLLECTED, (few) => few.offset(0));
	return db
		.selectFrom(people.as('person'))
		.selectAll()
		.$if(after !== undefined, (rest) => rest.where(beyond({ sort, direction }, after!)))
		.orderBy(KEYS[sort], direction)
		.orderBy('id', direction)
		.limit(limit);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectPeople>['executeTakeFirstOrThrow']>>;

/** Where a page ends whose last person is this one. */
export const placeOf = (sort: Sort, row: Row): Place => [row[sort === 'name' ? 'searchName' : sort], row.id];

/** A person as the list shows them. */
export function toItem({ searchName: _, firstName, lastName, suspendedUntil, ...person }: Row) {
	const name = displayName({ ...person, firstName, lastName });
	return { ...person, name, suspendedUntil: person.standing === 'suspended' ? suspendedUntil : null };
}
