import { z } from 'zod';
import { requireProof } from '../auth/stepup.ts';
import { db } from '../db.ts';
import { email, password, token } from '../fields.ts';
import { countCostly } from '../limit.ts';
import { hasPassword, reauthenticate } from '../passwords/service.ts';
import { publicProcedure, router, userProcedure } from '../trpc.ts';
import { confirmChange, findChange } from './confirmation.ts';
import { findPendingEmail } from './queries.ts';
import { cancelChange, requestChange, resendChange } from './service.ts';
import { findUndo, undoChange } from './undo.ts';

/** Asks for a recent proof before the input is looked at, unless a password comes along that can be one. */
const provingProcedure = userProcedure.meta({ alone: true, own: true }).use(async ({ ctx, getRawInput, next }) => {
	const { password: given } = Object(await getRawInput()) as { password?: unknown };
	const provesNow = typeof given === 'string' && (await hasPassword(ctx.actor.user.id));
	if (!provesNow) requireProof(ctx.actor);
	return next({ ctx: { provesNow } });
});

const link = publicProcedure.meta({ limit: 'token' }).input(z.object({ token }));

/** The part of `account` that is about its address. */
export const addressRouter = router({
	changeEmail: provingProcedure
		.input(z.object({ email, password: password.optional() }))
		.mutation(async ({ ctx, input }) => {
			if (ctx.provesNow) await reauthenticate(ctx.actor, input.password ?? '', ctx.settings);
			// Not before: who mistypes a password asked for no mail.
			await countCostly('change', ctx.actor, input, ctx.settings.limits);
			await requestChange(ctx.actor, input.email);
			return { status: 'check_mail' as const };
		}),

	resendEmailChange: userProcedure.meta({ own: true }).mutation(async ({ ctx }) => {
		const email = await findPendingEmail(db, ctx.actor.user.id);
		// By whom it is sent to: many accounts could else flood one mailbox.
		await countCostly('change', ctx.actor, { email }, ctx.settings.limits);
		await resendChange(ctx.actor);
		return { status: 'check_mail' as const };
	}),

	cancelEmailChange: userProcedure.meta({ own: true }).mutation(async ({ ctx }) => {
		await cancelChange(ctx.actor);
		return { status: 'cancelled' as const };
	}),

	emailChange: link.query(({ input }) => findChange(input.token)),

	confirmEmail: link.mutation(async ({ ctx, input }) => {
		await confirmChange(ctx.actor, input.token);
		return { status: 'changed' as const };
	}),

	emailUndo: link.query(({ input }) => findUndo(input.token)),

	undoEmail: link.mutation(async ({ ctx, input }) => {
		await undoChange(ctx.actor, input.token);
		return { status: 'undone' as const };
	})
});
