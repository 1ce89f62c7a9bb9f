import { sql } from 'kysely';
import type { Db } from '../db.ts';

export type NewCustomer = { name: string; email: string; phone: string | null; notes: string | null };

export const SORTS = ['name', 'email', 'createdAt'] as const;
export const DIRECTIONS = ['asc', 'desc'] as const;

/** A customer's place in a list: what it is sorted by, and its id. */
export type Place = [key: string | Date, id: string];

export type Order = { sort: (typeof SORTS)[number]; direction: (typeof DIRECTIONS)[number] };
export type Range = Order & { after: Place | undefined; limit: number };

/** By name means by the search text, which begins with it: capitals do not count, and addresses settle ties. */
export const SORT_KEYS = { name: 'search', email: 'email', createdAt: 'createdAt' } as const;

const ITEM = ['id', 'name', 'email', 'phone', 'notes', 'createdAt'] as const;

/** True for what stands after the range's beginning. */
export function beyond({ sort, direction, after }: Range, id: 'id' | 'customerId') {
	if (!after) return sql<boolean>`true`;
	const comparison = sql.raw(direction === 'asc' ? '>' : '<');
	return sql<boolean>`(${sql.ref(SORT_KEYS[sort])}, ${sql.ref(id)}) ${comparison} (${after[0]}, ${after[1]}::uuid)`;
}

export const customersOf = (db: Db, orgId: string) => db.selectFrom('customer').where('orgId', '=', orgId);

export const listCustomers = (db: Db, orgId: string, range: Range) =>
	customersOf(db, orgId)
		.where(beyond(range, 'id'))
		.orderBy(SORT_KEYS[range.sort], range.direction)
		.orderBy('id', range.direction)
		.limit(range.limit)
		.select(ITEM)
		.select('search')
		.execute();

/** The customers of these ids, in their order. */
export async function findCustomers(db: Db, orgId: string, ids: string[]) {
	const found = await customersOf(db, orgId)
		.where('id', '=', sql<string>`any(${ids}::uuid[])`)
		.select(ITEM)
		.select('search')
		.execute();
	const byId = new Map(found.map((customer) => [customer.id, customer]));
	return ids.flatMap((id) => byId.get(id) ?? []);
}

export const findCustomer = (db: Db, orgId: string, id: string) =>
	customersOf(db, orgId).where('id', '=', id).select(ITEM).executeTakeFirst();

export const lockCustomer = (db: Db, orgId: string, id: string) =>
	customersOf(db, orgId).where('id', '=', id).select(ITEM).forUpdate().executeTakeFirst();

export const insertCustomer = (db: Db, orgId: string, { name, email, phone, notes }: NewCustomer) =>
	db.insertInto('customer').values({ orgId, name, email, phone, notes }).returning(ITEM).executeTakeFirstOrThrow();

/**
 * Lets no statement of this transaction wait long for another one: an import takes seconds, and whoever waits for it
 * holds a connection that others need, or has what the import waits for.
 */
export const waitBriefly = (db: Db) => sql`set local lock_timeout = '500ms'`.execute(db);

/** True for one transaction of the organisation at once, until it ends. */
export async function claimImport(db: Db, orgId: string): Promise<boolean> {
	const { rows } = await sql<{ claimed: boolean }>`
		select pg_try_advisory_xact_lock(hashtext('customers.import'), hashtext(${orgId})) as claimed`.execute(db);
	return rows[0]!.claimed;
}

/** The addresses, of these, that the organisation has already. */
export async function listKnown(db: Db, orgId: string, customers: NewCustomer[]): Promise<string[]> {
	const emails = customers.map(({ email }) => email);
	const known = await customersOf(db, orgId)
		.where('email', '=', sql<string>`any(${emails}::text[])`)
		.select('email')
		.execute();
	return known.map(({ email }) => email);
}

/** Adds those whose address is still free; answers their addresses. */
export async function insertCustomers(db: Db, orgId: string, customers: NewCustomer[]): Promise<string[]> {
	const column = (field: keyof NewCustomer) => customers.map((customer) => customer[field]);
	const { rows } = await sql<{ email: string }>`
		insert into customer (org_id, name, email, phone, notes)
		select ${orgId}, name, email, phone, notes
		from unnest(
			${column('name')}::text[], ${column('email')}::text[], ${column('phone')}::text[], ${column('notes')}::text[]
		) as row (name, email, phone, notes)
		on conflict (org_id, email) do nothing
		returning email`.execute(db);
	return rows.map(({ email }) => email);
}

export const updateCustomer = (db: Db, orgId: string, id: string, { name, email, phone, notes }: NewCustomer) =>
	db
		.updateTable('customer')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.set({ name, email, phone, notes })
		.returning(ITEM)
		.executeTakeFirstOrThrow();

export const deleteCustomer = (db: Db, orgId: string, id: string) =>
	db
		.deleteFrom('customer')
		.where('orgId', '=', orgId)
		.where('id', '=', id)
		.returning(['id', 'name'])
		.executeTakeFirst();
