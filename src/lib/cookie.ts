/** A year, in seconds. */
const MAX_AGE = 31_536_000;

/** Keeps a choice of this browser, which is no secret, where the server can render by it. */
export function keep(name: string, value: string): void {
	const secure = location.protocol === 'https:' ? '; Secure' : '';
	document.cookie = `${name}=${value}; Path=/; Max-Age=${MAX_AGE}; SameSite=Lax${secure}`;
}
