import type { Cookies } from '@sveltejs/kit';
import { APP_ENV } from '$app/env/private';
import { hashToken, newToken, sign, verify } from '../crypto.ts';

/** A state that only we can have made: a forged one is refused before the database hears of it. */
export function newState(): string {
	const random = newToken();
	return `${random}.${sign('oauth', random)}`;
}

export function isState(state: string | null): state is string {
	const [random = '', signature = '', ...rest] = state?.split('.') ?? [];
	return rest.length === 0 && verify('oauth', random, signature);
}

/** Outside development no sibling domain can plant one: that would bind a flow of its own to this browser. */
const HOST = APP_ENV === 'dev' ? '' : '__Host-';

/** One Tap has cookies of its own: each visit of `/login` begins a flow of it, which must push out no other. */
const PREFIXES = { visit: `${HOST}oauth_flow_`, tap: `${HOST}one_tap_` };

export type FlowKind = keyof typeof PREFIXES;

/** A name for each flow, so that two tabs do not share one. */
const nameOf = (kind: FlowKind, stateHash: string) => PREFIXES[kind] + stateHash.slice(0, 16);

/** As long as a flow lives, in seconds. */
const MAX_AGE = 600;

/** Flows of a kind that one browser may have under way; more would fill its Cookie header. */
const MOST = 10;

// Lax: the way back from the provider is a navigation from another site.
const ATTRIBUTES = { path: '/', httpOnly: true, sameSite: 'lax', secure: APP_ENV !== 'dev' } as const;

/** Marks the browser that leaves for a provider; answers what the flow keeps of the mark. */
export function markFlow(cookies: Cookies, kind: FlowKind, stateHash: string): string {
	const marks = cookies.getAll().filter(({ name }) => name.startsWith(PREFIXES[kind]));
	for (const { name } of marks.slice(0, Math.max(0, marks.length - MOST + 1))) cookies.delete(name, ATTRIBUTES);
	const token = newToken();
	cookies.set(nameOf(kind, stateHash), token, { ...ATTRIBUTES, maxAge: MAX_AGE });
	return hashToken(token);
}

/** What a flow of this browser keeps of its mark; nothing in another browser. */
export function markOf(cookies: Cookies, kind: FlowKind, stateHash: string): string | undefined {
	const token = cookies.get(nameOf(kind, stateHash));
	return token && hashToken(token);
}

/** The marks of all flows that this browser has under way. */
export const marksOf = (cookies: Cookies): string[] =>
	cookies
		.getAll()
		.filter(({ name }) => Object.values(PREFIXES).some((prefix) => name.startsWith(prefix)))
		.map(({ value }) => hashToken(value));
