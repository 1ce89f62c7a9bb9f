/** A year, in seconds. */
const MAX_AGE = 31_536_000;

/** Keeps a choice of this browser, which is no secret, where the server can render by it. */
export function keep(name: string, value: string): void {
	const secure = location.protocol === 'https:' ? '; Secure' : '';
	document.cookie = `${name}=${value}; Path=/; Max-Age=${MAX_AGE}; SameSite=Lax${secure}`;
}

/** What the server left in a cookie to be read once. */
export function take(name: string): string | undefined {
	const value = document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1];
	document.cookie = `${name}=; Path=/; Max-Age=0`;
	return value && decodeURIComponent(value);
}
