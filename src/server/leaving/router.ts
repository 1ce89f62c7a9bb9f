import { z } from 'zod';
import { clearSessionCookies } from '../auth/session.ts';
import { db } from '../db.ts';
import { token } from '../fields.ts';
import { publicProcedure, router, userProcedure } from '../trpc.ts';
import { deleteAccount } from './departure.ts';
import { listAlone, listStranded } from './queries.ts';
import { deactivate, findRestoration, restore } from './service.ts';

const link = publicProcedure.meta({ limit: 'token' }).input(z.object({ token }));

/** The part of `account` that is about leaving. */
export const leavingRouter = router({
	deactivate: userProcedure.meta({ alone: true, proof: true }).mutation(async ({ ctx }) => {
		await deactivate(ctx.actor);
		clearSessionCookies(ctx.cookies);
		return { status: 'deactivated' as const };
	}),

	/** What deleting the account would take along, and what has to be handed over first. */
	departure: userProcedure.query(async ({ ctx: { actor } }) => ({
		alone: await listAlone(db, actor.user.id),
		stranded: await listStranded(db, actor.user.id)
	})),

	delete: userProcedure
		.meta({ alone: true, proof: true })
		.input(z.object({ confirm: z.string() }))
		.mutation(async ({ ctx, input }) => {
			const until = await deleteAccount(ctx.actor, input.confirm);
			clearSessionCookies(ctx.cookies);
			return { status: 'deleted' as const, until };
		}),

	restoration: link.query(({ input }) => findRestoration(input.token)),

	restore: link.mutation(async ({ ctx, input }) => {
		await restore(ctx.actor, input.token);
		return { status: 'restored' as const };
	})
});
