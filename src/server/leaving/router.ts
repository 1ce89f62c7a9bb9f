import { clearSessionCookies } from '../auth/session.ts';
import { router, userProcedure } from '../trpc.ts';
import { deactivate } from './service.ts';

/** The part of `account` that is about leaving. */
export const leavingRouter = router({
	deactivate: userProcedure.meta({ alone: true, proof: true }).mutation(async ({ ctx }) => {
		await deactivate(ctx.actor);
		clearSessionCookies(ctx.cookies);
		return { status: 'deactivated' as const };
	})
});
