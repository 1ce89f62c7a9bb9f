import { z } from 'zod';
import { MAIL_STATES } from '#lib/queue.ts';
import { db } from '../../db.ts';
import { line, normalizeEmail, uuid } from '../../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../../pages.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { listMails, mailsOf } from './queries.ts';
import { sendTest } from './service.ts';

/** A list ends at a moment and, among mails of that moment, at an id. */
const position = z.tuple([instant, uuid]);

const filter = { state: z.enum(MAIL_STATES).optional(), to: line(254).transform(normalizeEmail).optional() };

export const mailRouter = router({
	list: adminProcedure
		.input(z.object({ ...filter, ...paging }).prefault({}))
		.query(async ({ input: { limit, cursor, ...filter } }) => {
			const after = readCursor(cursor, position);
			const rows = await listMails(db, { ...filter, after, limit: limit + 1 });
			const total = after ? null : await countRows(db, mailsOf(db, filter));
			return toPage(rows, limit, total, ({ createdAt, id }) => [createdAt, id]);
		}),

	sendTest: adminProcedure.mutation(({ ctx }) => sendTest(ctx.actor))
});
