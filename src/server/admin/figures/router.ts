import { z } from 'zod';
import { enterAll } from '../../auth/access.ts';
import { lastDays } from '../../days.ts';
import { transaction } from '../../db.ts';
import { adminProcedure } from '../../trpc.ts';
import { listFigures } from './queries.ts';

/** As far back as the figures go at once. */
const MOST = 90;

export const figures = adminProcedure
	.input(z.object({ days: z.int().min(1).max(MOST).default(30) }).prefault({}))
	.query(({ input: { days } }) =>
		transaction(async (tx) => {
			await enterAll(tx);
			return { days: await listFigures(tx, lastDays(days)) };
		}, 'read only')
	);
