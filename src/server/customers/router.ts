import { z } from 'zod';
import { isStorable, line, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { orgProcedure, router } from '../trpc.ts';
import { customer } from './customer.ts';
import * as queries from './queries.ts';
import * as rest from './rest.ts';
import { countFound, planSearch, searchCustomers, wordsOf } from './search.ts';
import { createCustomer, deleteCustomer, missing, updateCustomer } from './service.ts';

/** Where a page ended: at a text or a moment, whatever the list is sorted by, and at an id. */
const text = z.string().refine((value) => isStorable(value));
const place = { name: z.tuple([text, uuid]), email: z.tuple([text, uuid]), createdAt: z.tuple([instant, uuid]) };

const order = {
	sort: z.enum(queries.SORTS).default('name'),
	direction: z.enum(queries.DIRECTIONS).default('asc')
};

export const customersRouter = router({
	list: orgProcedure('customers.read')
		.meta({ rest: rest.list })
		.input(z.object({ q: line(200).default(''), ...order, ...paging }))
		.query(async ({ ctx: { tx, org }, input: { q, sort, direction, limit, cursor } }) => {
			const after = readCursor<queries.Place>(cursor, place[sort]);
			const range = { sort, direction, after, limit: limit + 1 };
			const words = wordsOf(q);
			const search = words.length > 0 ? await planSearch(tx, org.id, words) : null;
			const rows = search
				? await queries.findCustomers(tx, org.id, await searchCustomers(tx, org.id, search, range))
				: await queries.listCustomers(tx, org.id, range);
			const count = () => (search ? countFound(tx, org.id, search) : countRows(tx, queries.customersOf(tx, org.id)));
			const page = toPage(rows, limit, after ? null : await count(), (last) => [
				last[queries.SORT_KEYS[sort]],
				last.id
			]);
			return { ...page, items: page.items.map(({ search: _, ...item }) => item) };
		}),

	get: orgProcedure('customers.read')
		.meta({ rest: rest.get })
		.input(z.object({ id: uuid }))
		.query(async ({ ctx: { tx, org }, input: { id } }) => {
			const found = await queries.findCustomer(tx, org.id, id);
			if (!found) throw missing();
			return found;
		}),

	create: orgProcedure('customers.write')
		.meta({ rest: rest.create })
		.input(customer.partial({ phone: true, notes: true }))
		.mutation(({ ctx, input: { name, email, phone = null, notes = null } }) =>
			createCustomer(ctx, { name, email, phone, notes })
		),

	update: orgProcedure('customers.write')
		.meta({ rest: rest.update })
		.input(customer.partial().extend({ id: uuid }))
		.mutation(({ ctx, input: { id, name, email, phone, notes } }) =>
			updateCustomer(ctx, id, { name, email, phone, notes })
		),

	delete: orgProcedure('customers.write')
		.meta({ rest: rest.remove })
		.input(z.object({ id: uuid }))
		.mutation(({ ctx, input: { id } }) => deleteCustomer(ctx, id))
});
