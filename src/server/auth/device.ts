import type { Cookies } from '@sveltejs/kit';
import { APP_ENV } from '$app/env/private';
import { newToken, sign, verify } from '../crypto.ts';

const NAME = 'known_device';
const DAY = 86_400_000;

/** How long a browser is known after it signed in, in days. */
const KNOWN_DAYS = 180;

/** Accounts that one browser is known at; of more it knows the last. */
const MOST = 10;

/** One mark an account, after the browser's own id: the day it was made, and our signature for all that it claims. */
const ID = /^[\w-]{43}$/;
const MARK = /^[\da-z]{1,6}~[\w-]{43}$/;

const today = () => Math.floor(Date.now() / DAY);

/** An account, and which generation of marks counts there: what shuts a thief out begins another one. */
export type Known = { userId: string; generation: number };

const claim = (id: string, { userId, generation }: Known, day: string) => [id, userId, generation, day].join(' ');

function read(cookie: string | undefined): { id: string | undefined; marks: string[] } {
	const [id = '', ...marks] = cookie?.split('.') ?? [];
	return ID.test(id)
		? { id, marks: marks.filter((mark) => MARK.test(mark)).slice(-MOST) }
		: { id: undefined, marks: [] };
}

const isMarkOf = (id: string, account: Known, mark: string) => {
	const [day = '', signature = ''] = mark.split('~');
	return today() - parseInt(day, 36) <= KNOWN_DAYS && verify('device', claim(id, account, day), signature);
};

/** What a browser says of where it signed in before. */
export const deviceCookie = (cookies: Cookies): string | undefined => cookies.get(NAME);

/** The id of a browser that signed in to this account before; nothing for any other. */
export function knownDevice(cookie: string | undefined, account: Known): string | undefined {
	const { id, marks } = read(cookie);
	return id !== undefined && marks.some((mark) => isMarkOf(id, account, mark)) ? id : undefined;
}

/** Marks this browser as one that signed in to an account. */
export function rememberDevice(cookies: Cookies, account: Known): void {
	const { id = newToken(), marks } = read(deviceCookie(cookies));
	const others = marks.filter((mark) => !isMarkOf(id, account, mark)).slice(1 - MOST);
	const day = today().toString(36);
	const value = [id, ...others, `${day}~${sign('device', claim(id, account, day))}`].join('.');
	// Lax, for on the way back from a provider it tells the browser, too.
	cookies.set(NAME, value, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: APP_ENV !== 'dev',
		maxAge: KNOWN_DAYS * (DAY / 1000)
	});
}
