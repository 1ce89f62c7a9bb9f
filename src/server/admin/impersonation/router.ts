import { z } from 'zod';
import { clearSessionCookies, lendSessionCookies, ownToken, returnSessionCookies } from '../../auth/session.ts';
import { line, uuid } from '../../fields.ts';
import { adminProcedure, router, userProcedure } from '../../trpc.ts';
import { impersonate, stopImpersonating } from './service.ts';

const userId = uuid.toLowerCase();
const reason = line(500).refine((value) => value.length >= 3, 'Say why, in 3 to 500 characters.');

/** The part of `admin` that is about acting as somebody else. */
export const impersonationRouter = router({
	impersonate: adminProcedure
		.meta({ alone: true, proof: true })
		.input(z.object({ userId, reason }))
		.mutation(async ({ ctx, input }) => {
			const lent = await impersonate(ctx.actor, input.userId, input.reason);
			lendSessionCookies(ctx.cookies, lent);
			return { status: 'impersonating' as const, expiresAt: lent.expiresAt, csrfToken: lent.csrfToken };
		}),

	/** Whoever has the lent session without the browser that it was lent to is led nowhere: they are signed out. */
	stopImpersonating: userProcedure.meta({ alone: true }).mutation(async ({ ctx: { actor, cookies } }) => {
		const { impersonator } = actor.session;
		const token = impersonator && ownToken(cookies, impersonator);
		const expiresAt = await stopImpersonating(actor);
		if (!token || !expiresAt) {
			clearSessionCookies(cookies);
			return { status: 'signed_out' as const };
		}
		return { status: 'stopped' as const, csrfToken: returnSessionCookies(cookies, token, expiresAt) };
	})
});
