import type { RequestEvent } from '@sveltejs/kit';
import { CSRF_ENABLED, PUBLIC_ORIGIN } from '$app/env/private';
import { AppError } from '../errors.ts';
import { isCsrfToken } from './session.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site made this browser send: a change must come from our origin, or from a program
 * that has none, and with a session it must carry the token that only our own pages can read.
 * @throws {AppError} `csrf`
 */
export function refuseForgery({ request: { method, headers }, locals: { actor } }: RequestEvent): void {
	if (SAFE.has(method) || !CSRF_ENABLED) return;
	const origin = headers.get('origin');
	const ours = origin === null ? headers.get('sec-fetch-site') !== 'cross-site' : origin === PUBLIC_ORIGIN;
	if (!ours) throw new AppError('csrf', `This request came from another site. Open ${PUBLIC_ORIGIN} and try again.`);
	if (actor.kind === 'user' && !isCsrfToken(actor.session.id, headers.get('x-csrf-token') ?? '')) {
		throw new AppError('csrf', 'This page is out of date. Reload it and try again.');
	}
}
