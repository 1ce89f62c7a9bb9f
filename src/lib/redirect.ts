/** An origin that no browser can reach: what resolves to anything else has left the site. */
const HERE = 'http://localhost.invalid';

/**
 * `target` when it is a path of this site, else `fallback`. The browser's own URL parser decides, after the
 * characters it would drop or turn into a slash are refused: they are how `/\e` and `/<tab>/e` become `//e`.
 */
export function localPath(target: unknown, fallback: string): string {
	if (typeof target !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}\p{Cs}]*$/u.test(target)) return fallback;
	if (/%(?:2f|5c|0\d|1[\da-f]|7f)/i.test(target.split(/[?#]/, 1)[0] ?? '')) return fallback;
	const url = URL.parse(target, HERE);
	return url?.origin === HERE && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : fallback;
}
