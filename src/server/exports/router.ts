import { z } from 'zod';
import { db } from '../db.ts';
import { token } from '../fields.ts';
import { router, userProcedure } from '../trpc.ts';
import { findExport } from './queries.ts';
import { findCopy, requestExport } from './service.ts';

/** The part of `account` that is about a copy of all that is held of it. */
export const exportsRouter = router({
	export: userProcedure.meta({ own: true, limit: 'export' }).mutation(async ({ ctx }) => {
		await requestExport(ctx.actor);
		return { status: 'check_mail' as const };
	}),

	exportStatus: userProcedure.query(async ({ ctx }) => (await findExport(db, ctx.actor.user.id)) ?? null),

	exportLink: userProcedure
		.meta({ own: true, limit: 'token' })
		.input(z.object({ token }))
		.query(async ({ ctx, input }) => {
			const { createdAt, expiresAt } = await findCopy(ctx.actor, input.token);
			return { createdAt, expiresAt };
		})
});
