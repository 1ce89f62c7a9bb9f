import type { Cookies } from '@sveltejs/kit';
import { APP_ENV } from '$app/env/private';
import { newToken } from '../crypto.ts';

/** Outside development no sibling domain can plant one: it would open an account with the password of a stranger. */
const NAME = APP_ENV === 'dev' ? 'signup' : '__Host-signup';

/** As long as a sign-up waits, in seconds. */
const MAX_AGE = 24 * 60 * 60;

/** The token of a browser that signed up, if it did. */
export const browserToken = (cookies: Cookies): string | undefined => cookies.get(NAME);

/** Marks this browser as the one that signed up: a click on the link is enough here, and nowhere else. */
export function markBrowser(cookies: Cookies): string {
	const token = browserToken(cookies) ?? newToken();
	// Lax, for the link in the mail is followed from another site.
	cookies.set(NAME, token, { path: '/', httpOnly: true, sameSite: 'lax', secure: APP_ENV !== 'dev', maxAge: MAX_AGE });
	return token;
}
