import { randomUUID } from 'node:crypto';
import { error, isHttpError, isRedirect, redirect } from '@sveltejs/kit';
import { sequence, type Handle, type HandleServerError, type ServerInit } from '@sveltejs/kit/hooks';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { building } from '$app/env';
import { APP_ENV } from '$app/env/private';
import { isOAuthReason } from '#lib/oauth.ts';
import { localPath } from '#lib/redirect.ts';
import { signedIn } from '#server/auth/access.ts';
import { identify } from '#server/auth/actor.ts';
import { bearerOf } from '#server/auth/key.ts';
import { endLeases } from '#server/apikeys/budget.ts';
import { refuseExposedKey, refuseKeyAt, serveProgram } from '#server/apikeys/door.ts';
import { answerPreflight, isShared, share } from '#server/auth/cors.ts';
import { refuseForgery } from '#server/auth/csrf.ts';
import { calledBy } from '#server/called.ts';
import { pool } from '#server/db.ts';
import { AppError } from '#server/errors.ts';
import { tellFailure } from '#server/failure.ts';
import { hopOnce } from '#server/hop.ts';
import { startJobs } from '#server/jobs.ts';
import { inScope, log } from '#server/log.ts';
import { isDoor, refuseMethod } from '#server/methods.ts';
import { countRequest } from '#server/metrics/registry.ts';
import { letGoogleIn, offersOneTap } from '#server/oauth/script.ts';
import { findMoved } from '#server/orgs/service.ts';
import { answerRefusal } from '#server/refusals.ts';
import { createCaller } from '#server/router.ts';
import { settings } from '#server/settings.ts';
import { createContext } from '#server/trpc.ts';
import { newCounter } from '#server/usage/calls.ts';
import { flushMeters } from '#server/usage/meter.ts';

/** Development runs `init` again at every edit of this file. */
const kept = globalThis as { gatehouseJobs?: ReturnType<typeof startJobs> };

export const init: ServerInit = async () => {
	if (building || kept.gatehouseJobs) return;
	const runner = await (kept.gatehouseJobs = startJobs());
	process.once(
		'sveltekit:shutdown',
		() => void Promise.all([runner.stop(), flushMeters(), endLeases()]).then(() => pool.end())
	);
};

/** Whoever watches the process asks these, also when the database is away. */
const PROBES = new Set<string | null>(['/health', '/ready', '/metrics']);

function statusOf(thrown: unknown): number {
	if (isRedirect(thrown) || isHttpError(thrown)) return thrown.status;
	return thrown instanceof AppError ? getHTTPStatusCodeFromError(thrown) : 500;
}

/** Gives the request its id, and one line in the log; the route's id and not its path, which may hold a token. */
const observe: Handle = ({ event, resolve }) => {
	const { locals, request, route, tracing } = event;
	locals.requestId = request.headers.get('x-request-id') ?? randomUUID();
	tracing.root.updateName(`${request.method} ${route.id}`).setAttribute('gatehouse.request_id', locals.requestId);
	const start = performance.now();
	const note = (status: number) => {
		const ms = performance.now() - start;
		countRequest(route.id, request.method, status, ms / 1000);
		const line = { method: request.method, route: route.id, call: calledBy(event), status, ms: Math.round(ms) };
		log[PROBES.has(route.id) ? 'debug' : 'info'](line, 'request');
	};
	return inScope({ requestId: locals.requestId }, async () => {
		try {
			const response = await resolve(event);
			if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
			if (locals.retryAfter) response.headers.set('Retry-After', String(locals.retryAfter));
			note(response.status);
			return response;
		} catch (thrown) {
			note(statusOf(thrown));
			throw thrown;
		}
	});
};

/** Procedures alone are called from other origins, by either name, and from those of `CORS_ORIGINS` alone. */
const expose: Handle = async ({ event, resolve }) => {
	const { request, route } = event;
	if (!isShared(route.id)) return resolve(event);
	return share(request, answerPreflight(request, route.id) ?? (await resolve(event)));
};

/** Programs say who they are with every request, and hear of everything in JSON. */
const serve: Handle = ({ event, resolve }) => {
	const isProgram = bearerOf(event.request.headers) !== undefined && !PROBES.has(event.route.id);
	return isProgram ? serveProgram(event, resolve) : resolve(event);
};

/** Refuses a method that its route does not have, whoever asks. */
const methods: Handle = async ({ event, resolve }) => (await refuseMethod(event)) ?? resolve(event);

/** Finds out who is asking, and refuses what another site made their browser ask. */
const admit: Handle = async ({ event, resolve }) => {
	if (PROBES.has(event.route.id)) return resolve(event);
	try {
		refuseExposedKey(event.url);
		// Who a program is was found out before.
		event.locals.actor ??= await identify(event);
		refuseForgery(event);
		refuseKeyAt(event, isDoor(event.route.id));
	} catch (cause) {
		return answerRefusal(event, cause);
	}
	event.locals.count = newCounter(event.locals.actor, settings.limits, true);
	event.locals.api = createCaller(() => createContext(event));
	return resolve(event);
};

/** The start page, and every page in a group; other routes answer programs, or end in such a hop themselves. */
const PAGE = /^\/($|\()/;

/** Draws no page as signed out because another site led here, and our Strict cookie stayed at home. */
const arrive: Handle = ({ event, resolve }) =>
	(event.route.id !== null && PAGE.test(event.route.id) && hopOnce(event)) || resolve(event);

const GUEST_PAGES = new Set<string | null>(['/(public)/login', '/(public)/signup']);

// Here rather than in a layout: layout and page loads run side by side, so a layout cannot guard its page.
const guard: Handle = ({ event: { locals, request, route, url }, event, resolve }) => {
	const isSignedIn = locals.actor?.kind === 'user' && !locals.actor.user.suspended;
	if (route.id?.startsWith('/dev') && APP_ENV !== 'dev') error(404, 'Not found');
	const isConsole = route.id?.startsWith('/(admin)');
	if ((isConsole || route.id?.startsWith('/(app)')) && !isSignedIn && locals.actor.kind !== 'apiKey') {
		// Nobody is led from a change to a page: it would look as if it was made.
		if (!['GET', 'HEAD'].includes(request.method)) signedIn(locals.actor);
		redirect(303, `/login?redirectTo=${encodeURIComponent(url.pathname + url.search)}`);
	}
	// Whoever does not run the service finds nothing there.
	if (isConsole && !(locals.actor.kind === 'user' && locals.actor.user.sysAdmin)) error(404, 'Not found');
	if (GUEST_PAGES.has(route.id) && isSignedIn) redirect(303, past(url));
	return resolve(event);
};

/** Where a page for guests leads whom it finds signed in; what a provider refused is told where one connects it. */
function past({ searchParams }: URL): string {
	const reason = searchParams.get('error');
	if (isOAuthReason(reason)) return `/account/connections?error=${reason}`;
	return localPath(searchParams.get('redirectTo'), '/orgs');
}

/** Where a form on `/signup` leads: under another opener policy, its new document would lose what it was told. */
const AFTER_SIGN_UP = '/(public)/verify';

/** Lets Google's script into the pages that offer One Tap, and into no other. */
const widen: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	if (!offersOneTap(settings.providers)) return response;
	const { headers } = response;
	const policy = headers.get('Content-Security-Policy');
	const offers = GUEST_PAGES.has(event.route.id);
	if (policy && offers) headers.set('Content-Security-Policy', letGoogleIn(policy));
	// It asks for the origin of the page, and where a browser has no FedCM it opens a window that must find its way back.
	if (offers) headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
	if (offers || event.route.id === AFTER_SIGN_UP) headers.set('Cross-Origin-Opener-Policy', 'same-origin-allow-popups');
	return response;
};

/** Leads members from an organisation's old slug to its present one; everybody else finds nothing there. */
const follow: Handle = async ({ event: { locals, params, request, route, url }, event, resolve }) => {
	if (request.method === 'GET' && params.org && route.id?.startsWith('/(app)/orgs/[org]')) {
		const present = await findMoved(locals.actor, params.org);
		const rest = url.pathname.split('/').slice(3);
		if (present) redirect(307, ['/orgs', present, ...rest].join('/') + url.search);
	}
	return resolve(event);
};

const THEMES = new Set(['light', 'dark']);

/** The server renders the theme that was chosen, so that nothing flashes. */
const paint: Handle = ({ event, resolve }) => {
	const chosen = event.cookies.get('theme') ?? '';
	const theme = THEMES.has(chosen) ? chosen : 'system';
	return resolve(event, { transformPageChunk: ({ html }) => html.replace('%gatehouse.theme%', theme) });
};

export const handle = sequence(observe, expose, serve, methods, admit, arrive, guard, follow, widen, paint);

export const handleError: HandleServerError = tellFailure;
