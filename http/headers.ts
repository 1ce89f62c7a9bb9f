import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What tells which software answers. */
const TELLTALE = /^(server$|x-powered-by$|x-sveltekit-)/;

/** Pages whose address is a secret: it goes to nobody. */
const TOKEN_PAGE = /^\/(verify|reset|invite|confirm-email|undo-email|restore|export)(\/|$)/;

const CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For a page that brings no policy of its own, such as the one of an error that no other page survives. */
const BARE_PAGE = `${CLOSED}; style-src 'self'; img-src 'self'`;

const FEATURES = [
	...[
		'accelerometer',
		'camera',
		'display-capture',
		'geolocation',
		'gyroscope',
		'hid',
		'idle-detection',
		'magnetometer'
	],
	...['microphone', 'midi', 'payment', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking']
];

const ALWAYS = {
	'X-Content-Type-Options': 'nosniff',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': FEATURES.map((feature) => `${feature}=()`).join(', ')
};

/** Two years, as the preload lists of browsers ask for. */
const HTTPS_ONLY = { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' };

const TEXT = /^(text\/|application\/(javascript|xml)\b|[^;]+\+xml\b)/i;

/** The path that SvelteKit and the static files go by. */
function pathOf(url: string): string {
	const path = url.split('?', 1)[0]!;
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}

/** What a body may do in a browser, and what may be kept of it: what the app said of it stays. */
function ofBody(url: string, status: number, given: (name: string) => string): Record<string, string> {
	// What comes without a type is one sentence of SvelteKit's own.
	const type = given('content-type') || (Number(given('content-length')) > 0 ? 'text/plain' : '');
	const policy = given('content-security-policy') || (/^text\/html\b/i.test(type) ? BARE_PAGE : CLOSED);
	const kept = given('etag') && !given('set-cookie') ? 'no-cache' : 'no-store';
	return {
		...(TEXT.test(type) && !/charset=/i.test(type) && { 'Content-Type': `${type}; charset=utf-8` }),
		'Content-Security-Policy': policy,
		// For browsers that do not read it in the policy.
		'X-Frame-Options': policy.includes("frame-ancestors 'self'") ? 'SAMEORIGIN' : 'DENY',
		'Referrer-Policy': given('referrer-policy') || (TOKEN_PAGE.test(pathOf(url)) ? 'no-referrer' : 'same-origin'),
		'Cache-Control': given('cache-control') || kept,
		...(status === 405 && !given('allow') && { Allow: 'GET, HEAD' })
	};
}

/** All that an answer says beyond what it says already. Outside development browsers are bound to https. */
export function headersFor(
	url: string,
	status: number,
	given: (name: string) => string,
	isDeployed: boolean
): [string, string][] {
	const missing = Object.entries({ ...ALWAYS, ...(isDeployed && HTTPS_ONLY) }).filter(([name]) => !given(name));
	return [...missing, ...Object.entries(ofBody(url, status, given))];
}

/** Completes an answer whenever its head is written, by whomever. Gives the request its id, which nobody chooses. */
export function dress(request: IncomingMessage, response: ServerResponse, isDeployed: boolean): void {
	const { url = '/' } = request;
	request.headers['x-request-id'] = randomUUID();
	response.setHeader('X-Request-Id', request.headers['x-request-id']);
	const writeHead = response.writeHead.bind(response);
	const given = (name: string) => String(response.getHeader(name) ?? '');
	response.writeHead = (status: number, ...rest: unknown[]) => {
		const named = rest.find((item): item is OutgoingHttpHeaders => typeof item === 'object');
		for (const [name, value = ''] of Object.entries(named ?? {})) response.setHeader(name, value);
		for (const name of response.getHeaderNames()) if (TELLTALE.test(name)) response.removeHeader(name);
		for (const [name, value] of headersFor(url, status, given, isDeployed)) response.setHeader(name, value);
		return writeHead(status);
	};
}
