import { z } from 'zod';
import { rememberDevice } from '../auth/device.ts';
import { setSessionCookies } from '../auth/session.ts';
import { email, password, token } from '../fields.ts';
import { marksOf } from '../oauth/state.ts';
import { publicProcedure, router, userProcedure } from '../trpc.ts';
import { changePassword, findReset, reauthenticate, requestReset, resetPassword } from './service.ts';

export const passwordRouter = router({
	forgot: publicProcedure
		.meta({ alone: true, limit: 'forgot' })
		.input(z.object({ email }))
		.mutation(async ({ input }) => {
			await requestReset(input.email);
			return { status: 'check_mail' as const };
		}),

	link: publicProcedure
		.meta({ alone: true, limit: 'token' })
		.input(z.object({ token }))
		.query(({ input }) => findReset(input.token)),

	reset: publicProcedure
		.meta({ alone: true, limit: 'token' })
		.input(z.object({ token, password }))
		.mutation(async ({ ctx, input }) => {
			const account = await resetPassword(ctx.actor, input.token, input.password, ctx.settings.password);
			// Known from here on, or strangers who try passwords would keep out whoever lost every known browser.
			rememberDevice(ctx.cookies, account);
			return { status: 'password_set' as const };
		}),

	update: userProcedure
		.meta({ alone: true, own: true })
		.input(z.object({ currentPassword: password.optional(), newPassword: password }))
		.mutation(async ({ ctx, input }) => {
			const { currentPassword, newPassword } = input;
			const change = { currentPassword, newPassword, browserHashes: marksOf(ctx.cookies) };
			const session = await changePassword(ctx.actor, change, ctx.settings);
			setSessionCookies(ctx.cookies, session);
			return { csrfToken: session.csrfToken };
		})
});

/** The part of `account` that is about the password. */
export const proofRouter = router({
	reauthenticate: userProcedure
		.meta({ alone: true, own: true })
		.input(z.object({ password }))
		.mutation(async ({ ctx, input }) => ({ until: await reauthenticate(ctx.actor, input.password, ctx.settings) }))
});
