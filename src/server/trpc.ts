import { getTRPCErrorShape, initTRPC, transformTRPCResponse } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import type { FlagName } from '#lib/plans.ts';
import type { Permission } from '#lib/roles.ts';
import { transformer } from '#lib/transformer.ts';
import { noteKeyCall } from './apikeys/metering.ts';
import { inOrg, refuseKey, signedIn, type Inside } from './auth/access.ts';
import type { Actor } from './auth/actor.ts';
import { admit, admitPerson } from './auth/admission.ts';
import { isAway } from './db.ts';
import { AppError } from './errors.ts';
import { isStorable, isTooDeep, slug } from './fields.ts';
import { countCostly, type Limit } from './limit.ts';
import { currentRequestId } from './log.ts';
import { outcome, unavailable } from './outcome.ts';
import { countCall as noteCall } from './metrics/registry.ts';
import type { Rest } from './rest/rest.ts';
import { settings, type Settings } from './settings.ts';
import { inSpan } from './tracing/spans.ts';
import { newCounter, readOrgCall, type Count } from './usage/calls.ts';
import { findExceeded, requireFeature, requireTier } from './usage/service.ts';

export type Context = {
	actor: Actor;
	cookies: Cookies;
	settings: Settings;
	/** True when the HTTP request carries other calls beside this one. */
	batched: boolean;
	count: Count;
};

/** Who may call: anyone, anyone signed in, a sys_admin, or a member whose role has the permission. */
export type Access = 'public' | 'user' | 'sys_admin' | Permission;

/** Beside the access of its base, what a procedure asks to be enforced before any transaction begins. */
export type Meta = {
	access?: Access;
	/** Refuses to share a request with other calls: a batch would multiply guesses at a secret. */
	alone?: boolean;
	/** Refuses keys, which its permission alone would let in. */
	people?: boolean;
	/** Refuses operators who act as somebody else: it is for the person alone. A proof does that, too. */
	own?: boolean;
	/** Asks for a proof of who one is, no older than ten minutes. */
	proof?: boolean;
	/** What the organisation's plan must have. */
	feature?: FlagName;
	/** The least tier that the organisation must be on. */
	tier?: string;
	/** Is counted by this limit instead of the one for every call. */
	limit?: Limit;
	/** Its name beside tRPC. */
	rest?: Rest;
};

/** For the calls that an HTTP request to `/trpc` carries, each of them counted; or for those of a page, which is one. */
export const createContext = ({ locals, cookies }: RequestEvent, calls?: number): Context => ({
	actor: locals.actor,
	cookies,
	settings,
	batched: calls !== undefined && calls > 1,
	count: calls === undefined ? locals.count : newCounter(locals.actor, settings.limits)
});

const t = initTRPC
	.context<Context>()
	.meta<Meta>()
	.create({
		transformer,
		isDev: false,
		errorFormatter({ shape, error }) {
			const { code, httpStatus } = shape.data;
			const { reason = null, message = 'Something went wrong.', fields = null } = outcome(error) ?? {};
			return { code: shape.code, message, data: { code, httpStatus, reason, fields, requestId: currentRequestId() } };
		}
	});

export const { router, mergeRouters, createCallerFactory } = t;

/** The same envelope for what is refused before a procedure is reached. */
export function refusal(error: AppError): Response {
	const shape = getTRPCErrorShape({
		config: t._config,
		error,
		type: 'unknown',
		path: undefined,
		input: undefined,
		ctx: undefined
	});
	const body = transformTRPCResponse(t._config, { error: shape });
	const headers = error.retryAfter === null ? undefined : { 'Retry-After': String(error.retryAfter) };
	return Response.json(body, { status: getHTTPStatusCodeFromError(error), headers });
}

const OTHERS = new Set<Access | undefined>(['public', 'user', 'sys_admin', undefined]);

const procedure = t.procedure
	.use(({ ctx, next, path }) =>
		inSpan(path, async (tell) => {
			const start = performance.now();
			const result = await next();
			const ended = result.ok ? 'ok' : (outcome(result.error)?.reason ?? 'error');
			if (ctx.actor.kind === 'apiKey') noteKeyCall(ctx.actor, path, ended);
			noteCall(path, ended, (performance.now() - start) / 1000);
			tell(ended);
			return result;
		})
	)
	.use(async ({ next }) => {
		const result = await next();
		if (result.ok) return result;
		const { cause } = result.error;
		if (isAway(cause)) throw unavailable(cause);
		const exceeded = await findExceeded(cause);
		if (exceeded) throw exceeded;
		return result;
	})
	.use(async ({ ctx, meta, next }) => {
		const result = await next();
		// A sign-in is counted with its attempt; one that never comes to an attempt would be counted nowhere.
		if (meta?.limit === 'login' && ctx.actor.kind !== 'apiKey' && !result.ok && result.error.code === 'BAD_REQUEST')
			await ctx.count();
		return result;
	})
	.use(async ({ ctx, getRawInput, meta, next, path }) => {
		if (meta?.alone && ctx.batched) throw new AppError('invalid', `${path} must be the only call of its request.`);
		// A key's calls are its own, also of what takes a person: their limits are not for it to use up.
		const limit = ctx.actor.kind === 'apiKey' ? undefined : meta?.limit;
		if (!limit) await ctx.count(OTHERS.has(meta?.access) ? undefined : await readOrgCall(path, getRawInput));
		const input = await getRawInput();
		if (limit && limit !== 'login') await countCostly(limit, ctx.actor, input, ctx.settings.limits);
		if (isTooDeep(input)) throw new AppError('invalid', 'The request nests its objects and lists too deeply.');
		if (!isStorable(input)) {
			throw new AppError('invalid', 'Text must not contain NUL characters or broken Unicode.');
		}
		return next();
	});

/** Also for those who are not signed in; a key is nobody's way to an account. */
export const publicProcedure = procedure.meta({ access: 'public' }).use(({ ctx, next }) => {
	refuseKey(ctx.actor);
	return next();
});

export const userProcedure = procedure
	.meta({ access: 'user' })
	.use(({ ctx, meta, next }) => next({ ctx: { actor: admitPerson(ctx.actor, meta) } }));

/** For whoever says who they are, people and keys. */
export const callerProcedure = procedure
	.meta({ access: 'user' })
	.use(({ ctx, meta, next }) => next({ ctx: { actor: admit(ctx.actor, meta) } }));

/** For those who run the deployment; the standing opens no organisation's data by itself. */
export const adminProcedure = procedure.meta({ access: 'sys_admin' }).use(({ ctx, meta, next }) => {
	const actor = admitPerson(ctx.actor, meta);
	if (!actor.user.sysAdmin) throw new AppError('forbidden', 'Only an administrator of this service may do this.');
	return next({ ctx: { actor } });
});

async function requirePlan(inside: Pick<Inside, 'tx' | 'org'>, meta: Meta | undefined, path: string): Promise<void> {
	if (meta?.feature) await requireFeature(inside, meta.feature);
	if (meta?.tier) await requireTier(inside, meta.tier, path);
}

/** `inOrg` as a procedure: one call is one transaction inside the organisation, read-only for queries. */
export const orgProcedure = <P extends Permission>(permission: P) =>
	procedure
		.meta({ access: permission })
		.input(z.object({ org: slug }))
		.use(({ ctx, input, meta, next, path, type }) => {
			const mode = type === 'query' ? 'read only' : 'read write';
			return inOrg(admit(ctx.actor, meta), input.org, permission, mode, async (inside) => {
				await requirePlan(inside, meta, path);
				return next({ ctx: inside });
			});
		});

/** The same for people alone. */
export const memberProcedure = (permission: Permission) =>
	orgProcedure(permission)
		.meta({ people: true })
		.use(({ ctx, next }) => next({ ctx: { actor: signedIn(ctx.actor) } }));

/**
 * For what takes longer than a transaction may be open: refuses alike, and leaves it to the service to enter the
 * organisation in short steps.
 */
export const steppedProcedure = (permission: Permission) =>
	procedure
		.meta({ access: permission })
		.input(z.object({ org: slug }))
		.use(async ({ ctx, input, meta, next, path }) => {
			const check = (inside: Pick<Inside, 'tx' | 'org'>) => requirePlan(inside, meta, path);
			await inOrg(admit(ctx.actor, meta), input.org, permission, 'read only', check);
			return next();
		});
