import { z } from 'zod';
import { deviceName } from '#lib/device.ts';
import { displayName } from '#lib/format.ts';
import { clearSessionCookies, IDLE } from '../auth/session.ts';
import { db } from '../db.ts';
import { uuid } from '../fields.ts';
import { router, userProcedure } from '../trpc.ts';
import { listSessions } from './queries.ts';
import { revokeOtherSessions, revokeSession } from './service.ts';

/** The part of `account` that is about where one is signed in. */
export const sessionsRouter = router({
	sessions: userProcedure.query(async ({ ctx: { actor } }) => {
		const rows = await listSessions(db, actor.user.id, actor.session.id, IDLE);
		return rows.map(({ operator, device, ...row }) => ({
			...row,
			device: operator ? `Support (${displayName(operator)})` : deviceName(device)
		}));
	}),

	revokeSession: userProcedure
		.meta({ own: true })
		.input(z.object({ id: uuid }))
		.mutation(async ({ ctx, input }) => {
			const { isOwn } = await revokeSession(ctx.actor, input.id);
			if (isOwn) clearSessionCookies(ctx.cookies);
			return { revoked: true as const };
		}),

	revokeOtherSessions: userProcedure
		.meta({ own: true })
		.mutation(async ({ ctx }) => ({ revoked: await revokeOtherSessions(ctx.actor) }))
});
