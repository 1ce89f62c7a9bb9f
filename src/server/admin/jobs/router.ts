import { z } from 'zod';
import { JOB_STATES } from '#lib/queue.ts';
import { db } from '../../db.ts';
import { listBacklog } from '../../metrics/service.ts';
import { paging, readCursor, toPage } from '../../pages.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { countJobs, listJobs } from './queries.ts';
import { retryJobs } from './service.ts';

/** Its digits: more than JavaScript's numbers hold. */
const id = z.string().regex(/^\d{1,18}$/, 'Name a job by its number.');
const task = z.string().max(128);
const position = z.tuple([id]);

export const jobsRouter = router({
	list: adminProcedure
		.input(z.object({ state: z.enum(JOB_STATES).optional(), task: task.optional(), ...paging }).prefault({}))
		.query(async ({ input: { limit, cursor, ...filter } }) => {
			const [after] = readCursor(cursor, position) ?? [];
			const rows = await listJobs(db, filter, { after, limit: limit + 1 });
			const total = after === undefined ? await countJobs(db, filter) : null;
			return toPage(rows, limit, total, ({ id }) => [id]);
		}),

	/** What there is of each task, in numbers. */
	tasks: adminProcedure.query(() => listBacklog(db)),

	retry: adminProcedure
		.input(z.union([z.strictObject({ id }), z.strictObject({ task })], 'Name one job by its id, or a task for all.'))
		.mutation(({ ctx, input }) => retryJobs(ctx.actor, input))
});
