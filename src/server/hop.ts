import type { RequestEvent } from '@sveltejs/kit';
import { APP_ENV } from '$app/env/private';

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/**
 * A page of ours that goes on to `path` by itself. Strict cookies stay at home on a navigation that another site
 * began, redirects included; the step from here is one of our own.
 */
export function hop(path: string): Response {
	const target = escape(path);
	const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><meta http-equiv="refresh" content="0;url=${target}"><title>One moment</title><p><a href="${target}">Go on</a></p></html>`;
	return new Response(html, {
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Cache-Control': 'no-store',
			'Referrer-Policy': 'no-referrer'
		}
	});
}

/** Tells that a browser has just made a hop: one that calls its own step another site's would make them for ever. */
const MARK = 'hopped';
const ATTRIBUTES = { path: '/', httpOnly: true, sameSite: 'lax', secure: APP_ENV !== 'dev' } as const;

/** Seconds in which a browser follows its hop. */
const MAX_AGE = 10;

const FOREIGN = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

/** A hop to the very page that another site led somebody to who seems signed out, the first time that they ask for it. */
export function hopOnce({ cookies, locals, request, url }: RequestEvent): Response | undefined {
	if (cookies.get(MARK)) {
		cookies.delete(MARK, ATTRIBUTES);
		return undefined;
	}
	const isForeign = Object.entries(FOREIGN).every(([name, value]) => request.headers.get(name) === value);
	if (!isForeign || request.method !== 'GET' || locals.actor.kind === 'user') return undefined;
	const response = hop(url.pathname + url.search);
	// What `cookies.set` notes would only reach an answer of SvelteKit's own.
	response.headers.append('Set-Cookie', cookies.serialize(MARK, '1', { ...ATTRIBUTES, maxAge: MAX_AGE }));
	return response;
}
