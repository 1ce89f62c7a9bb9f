/** An origin that no browser can reach: what resolves to anything else has left the site. */
const HERE = 'http://localhost.invalid';

/** A door acts when it is opened: nobody is led through one on the way to a page. */
const DOOR = /^\/auth(?:\/|$)/i;

/**
 * `target` when it is the path of a page of this site, else `fallback`. The browser's own URL parser decides, after the
 * characters it would drop or turn into a slash are refused: they are how `/\e` and `/<tab>/e` become `//e`.
 */
export function localPath(target: unknown, fallback: string): string {
	if (typeof target !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}\p{Cs}]*$/u.test(target)) return fallback;
	if (/%(?:2f|5c|0\d|1[\da-f]|7f)/i.test(target.split(/[?#]/, 1)[0] ?? '')) return fallback;
	const url = URL.parse(target, HERE);
	if (url?.origin !== HERE || url.pathname.startsWith('//') || DOOR.test(decoded(url.pathname))) return fallback;
	return url.pathname + url.search + url.hash;
}

/** A path as routes are matched by it. */
function decoded(path: string): string {
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}

/** A page for those who are signed out, which afterwards goes on where one wanted. */
export const guestAddress = (path: '/login' | '/signup', redirectTo: string | null): string =>
	redirectTo ? `${path}?redirectTo=${encodeURIComponent(redirectTo)}` : path;
