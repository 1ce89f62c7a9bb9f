import { z } from 'zod';
import { db } from '../../db.ts';
import { listSettings } from '../../settings/service.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { setOfSystem } from './service.ts';

export const settingsRouter = router({
	list: adminProcedure.query(() => listSettings(db, 'system')),

	set: adminProcedure
		.input(z.object({ key: z.string(), value: z.unknown() }))
		.mutation(({ ctx, input: { key, value } }) => setOfSystem(ctx.actor, key, value))
});
