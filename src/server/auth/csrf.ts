import type { RequestEvent } from '@sveltejs/kit';
import { CSRF_ENABLED, PUBLIC_ORIGIN } from '$app/env/private';
import { AppError } from '../errors.ts';
import { isShared, maySend } from './cors.ts';
import { isCsrfToken } from './session.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request comes from a page of ours, or from a program that has no origin. Compared as it is: a sibling
 * domain, another port, plain http and a page without an origin (`null`) are somebody else.
 */
function isOurs({ request: { headers }, route }: RequestEvent): boolean {
	const origin = headers.get('origin');
	if (origin === null) return headers.get('sec-fetch-site') !== 'cross-site';
	return origin === PUBLIC_ORIGIN || (isShared(route.id) && maySend(origin));
}

/**
 * Refuses what another site made this browser send: a change must come from our origin, or from a program
 * that has none, and with a session it must carry the token that only our own pages can read.
 * @throws {AppError} `csrf`
 */
export function refuseForgery(event: RequestEvent): void {
	const { request, locals } = event;
	// No browser adds a key by itself, as it does a cookie: whoever sent it knew it.
	if (locals.actor.kind === 'apiKey' || SAFE.has(request.method) || !CSRF_ENABLED) return;
	if (!isOurs(event)) {
		throw new AppError('csrf', `This request came from another site. Open ${PUBLIC_ORIGIN} and try again.`);
	}
	const { actor } = locals;
	if (actor.kind === 'user' && !isCsrfToken(actor.session.id, request.headers.get('x-csrf-token') ?? '')) {
		throw new AppError('csrf', 'This page is out of date. Reload it and try again.');
	}
}
