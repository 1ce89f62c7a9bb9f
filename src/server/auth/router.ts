import { z } from 'zod';
import { APP_NAME } from '$app/env/private';
import { highestRole } from '#lib/roles.ts';
import { db } from '../db.ts';
import { AppError } from '../errors.ts';
import { email, line, orgName, password, personName, token, username } from '../fields.ts';
import { offersOneTap } from '../oauth/script.ts';
import { listMemberships } from '../orgs/service.ts';
import { presentSettings } from '../settings/system.ts';
import { browserToken, markBrowser } from '../signups/cookie.ts';
import { findVerification, requestVerification, signUp, verifyEmail } from '../signups/service.ts';
import { callerProcedure, publicProcedure, router } from '../trpc.ts';
import type { Program, SignedIn } from './actor.ts';
import { refusedAt } from './refused.ts';
import * as rest from './rest.ts';
import { logIn, logOut } from './service.ts';
import { clearSessionCookies, csrfToken, setSessionCookies } from './session.ts';

/** Who is signed in, as the pages and other clients see it. */
async function describe({ user, session }: SignedIn) {
	const orgs = await listMemberships(db, user.id);
	const { id, email, username, firstName, lastName, avatarUrl, timeZone, emailVerified } = user;
	const { impersonator } = session;
	const role = highestRole(
		user.sysAdmin,
		orgs.map((org) => org.role)
	);
	return {
		user: { id, email, username, firstName, lastName, avatarUrl, timeZone, role, emailVerified },
		session: { id: session.handle, createdAt: session.createdAt, expiresAt: session.expiresAt },
		orgs,
		impersonator: impersonator && { id: impersonator.id, name: impersonator.name, email: impersonator.email },
		csrfToken: csrfToken(session.id)
	};
}

/** What a program's key is, to the program. */
const describeKey = ({ key: { id, name, role, permissions, org } }: Program) => ({
	key: { id, name, role, permissions },
	org: { slug: org.slug, name: org.name }
});

const signUpProcedure = publicProcedure.meta({ alone: true, limit: 'signup' }).use(async ({ ctx, next }) => {
	if (ctx.settings.mode !== 'b2c') {
		throw new AppError('not_found', 'People join by invitation here. Ask an administrator of your organization.');
	}
	if (await ctx.settings.isSignupOpen()) return next();
	throw new AppError('forbidden', 'Nobody can create an account right now. Whoever is invited can still join.');
});

const person = z.object({
	email,
	password,
	firstName: personName.nullable().default(null),
	lastName: personName.nullable().default(null),
	username: username.nullable().default(null)
});

export const authRouter = router({
	config: publicProcedure.query(async ({ ctx: { settings } }) => ({
		name: APP_NAME,
		mode: settings.mode,
		signupOpen: settings.mode === 'b2c' && (await settings.isSignupOpen()),
		banner: (await presentSettings()).banner,
		providers: Object.values(settings.providers).map(({ id, name }) => ({ id, name })),
		googleClientId: settings.providers.google?.clientId ?? null,
		oneTap: offersOneTap(settings.providers),
		passwordMinLength: settings.password.minLength
	})),

	signup: signUpProcedure.input(person).mutation(async ({ ctx, input }) => {
		await signUp({ ...input, organizationName: null }, markBrowser(ctx.cookies), ctx.settings.password);
		return { status: 'check_mail' as const };
	}),

	signupOrg: signUpProcedure.input(person.extend({ organizationName: orgName })).mutation(async ({ ctx, input }) => {
		await signUp(input, markBrowser(ctx.cookies), ctx.settings.password);
		return { status: 'check_mail' as const };
	}),

	resendVerification: publicProcedure
		.meta({ limit: 'resend' })
		.input(z.object({ email }))
		.mutation(async ({ ctx, input }) => {
			await requestVerification(input.email, browserToken(ctx.cookies));
			return { status: 'check_mail' as const };
		}),

	verification: publicProcedure
		.meta({ limit: 'token' })
		.input(z.object({ token }))
		.query(({ ctx, input }) => findVerification({ token: input.token, browserToken: browserToken(ctx.cookies) })),

	verifyEmail: publicProcedure
		.meta({ limit: 'token' })
		.input(z.object({ token, password: password.optional() }))
		.mutation(async ({ ctx, input }) => {
			const link = { token: input.token, browserToken: browserToken(ctx.cookies) };
			const { session, usernameTaken } = await verifyEmail(ctx.actor, link, input.password, ctx.settings);
			if (!session) return { status: 'verified' as const, usernameTaken };
			setSessionCookies(ctx.cookies, session);
			return { status: 'signed_in' as const, usernameTaken, csrfToken: session.csrfToken };
		}),

	login: publicProcedure
		.meta({ alone: true, limit: 'login' })
		.input(z.object({ identifier: line(254), password, remember: z.boolean().default(false) }))
		.mutation(async ({ ctx, input }) => {
			const signingIn = logIn(ctx.actor, input, ctx.settings, browserToken(ctx.cookies));
			const session = await signingIn.catch(refusedAt('password'));
			setSessionCookies(ctx.cookies, session);
			return { status: 'signed_in' as const, csrfToken: session.csrfToken };
		}),

	logout: publicProcedure.mutation(async ({ ctx }) => {
		await logOut(ctx.actor);
		clearSessionCookies(ctx.cookies);
		return { status: 'signed_out' as const };
	}),

	session: publicProcedure.query(({ ctx: { actor } }) =>
		actor.kind === 'user' && !actor.user.suspended ? describe(actor) : null
	),

	me: callerProcedure
		.meta({ rest: rest.me })
		.query(async ({ ctx: { actor } }) => (actor.kind === 'apiKey' ? describeKey(actor) : describe(actor)))
});
