import { z } from 'zod';
import { PROVIDERS } from '#lib/oauth.ts';
import { localPath } from '#lib/redirect.ts';
import { setSessionCookies } from '../auth/session.ts';
import { db } from '../db.ts';
import { AppError } from '../errors.ts';
import { publicProcedure, router, userProcedure } from '../trpc.ts';
import { listConnections } from './identities.ts';
import { beginOneTap, finishOneTap } from './onetap.ts';
import { toAppError } from './outward.ts';
import { listWaiting } from './queries.ts';
import { connectWaiting, disconnect } from './service.ts';
import { markFlow, marksOf, markOf } from './state.ts';
import { leave } from './visit.ts';

const provider = z.enum(PROVIDERS);

const absent = () => new AppError('not_found', 'This provider is not set up here.');

export const oauthRouter = router({
	authorizeUrl: publicProcedure
		.input(z.object({ provider, redirectTo: z.string().max(2000).optional() }))
		.mutation(async ({ ctx, input }) => {
			const chosen = ctx.settings.providers[input.provider];
			if (!chosen) throw absent();
			const wish = { intent: 'sign_in' as const, redirectTo: localPath(input.redirectTo, '/orgs') };
			const leaving = leave(ctx.actor, chosen, wish, (stateHash) => markFlow(ctx.cookies, 'visit', stateHash));
			const url = await leaving.catch((cause: unknown) => {
				throw toAppError(cause);
			});
			return { url: url.href };
		}),

	oneTapNonce: publicProcedure.mutation(async ({ ctx }) => {
		if (!ctx.settings.providers.google) throw absent();
		return { nonce: await beginOneTap((hash) => markFlow(ctx.cookies, 'tap', hash)) };
	}),

	oneTap: publicProcedure
		.meta({ alone: true })
		.input(z.object({ credential: z.string().max(8000) }))
		.mutation(async ({ ctx, input }) => {
			const { google } = ctx.settings.providers;
			if (!google) throw absent();
			const markOfFlow = (hash: string) => markOf(ctx.cookies, 'tap', hash);
			const session = await finishOneTap(ctx.actor, google, input.credential, markOfFlow, ctx.settings);
			setSessionCookies(ctx.cookies, session);
			return { status: 'signed_in' as const, csrfToken: session.csrfToken };
		}),

	waiting: userProcedure.query(({ ctx }) => listWaiting(db, marksOf(ctx.cookies), ctx.actor.user.email)),

	connectWaiting: userProcedure
		.meta({ proof: true })
		.input(z.object({ provider }))
		.mutation(async ({ ctx, input }) => {
			await connectWaiting(ctx.actor, marksOf(ctx.cookies), input.provider);
			return { status: 'connected' as const };
		})
});

/** The part of `account` that is about providers. */
export const connectionsRouter = router({
	connections: userProcedure.query(({ ctx }) => listConnections(db, ctx.actor.user.id)),

	unlink: userProcedure
		.meta({ proof: true })
		.input(z.object({ provider }))
		.mutation(async ({ ctx, input }) => {
			await disconnect(ctx.actor, input.provider, ctx.settings);
			return { status: 'disconnected' as const };
		})
});
