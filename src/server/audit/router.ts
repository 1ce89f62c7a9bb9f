import { z } from 'zod';
import { uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { orgProcedure, router } from '../trpc.ts';
import { filter } from './filter.ts';
import { entriesOf, listEntries } from './queries.ts';
import * as rest from './rest.ts';

/** A list ends at a moment and, among entries of that moment, at an id. */
const position = z.tuple([instant, uuid]);

export const auditRouter = router({
	list: orgProcedure('audit.read')
		.meta({ rest: rest.list })
		.input(z.object({ ...filter, ...paging }))
		.query(async ({ ctx: { tx, org }, input: { limit, cursor, action, actorId, from, to } }) => {
			const after = readCursor(cursor, position);
			const filter = { action, actorId, from, to };
			const rows = await listEntries(tx, org.id, { ...filter, after, limit: limit + 1 });
			const total = after ? null : await countRows(tx, entriesOf(tx, org.id, filter));
			return toPage(rows, limit, total, ({ at, id }) => [at, id]);
		})
});
