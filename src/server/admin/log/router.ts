import { z } from 'zod';
import { db } from '../../db.ts';
import { line, uuid } from '../../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../../pages.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { entriesOf, listEntries } from './queries.ts';

/** A list ends at a moment and, among entries of that moment, at an id. */
const position = z.tuple([instant, uuid]);

/** An action that nobody knows is none that happened: old ones may have left the code. */
const filter = { action: line(60).optional(), actorId: uuid.optional(), targetId: uuid.optional() };

export const logRouter = router({
	list: adminProcedure
		.input(z.object({ ...filter, ...paging }).prefault({}))
		.query(async ({ input: { limit, cursor, ...filter } }) => {
			const after = readCursor(cursor, position);
			const rows = await listEntries(db, { ...filter, after, limit: limit + 1 });
			const total = after ? null : await countRows(db, entriesOf(db, filter));
			return toPage(rows, limit, total, ({ at, id }) => [at, id]);
		})
});
