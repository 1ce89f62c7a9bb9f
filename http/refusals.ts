import type { OutgoingHttpHeaders } from 'node:http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';

/** Why a request does not reach the app, in words for whoever sent it. */
export type Refusal = {
	status: number;
	/** The one of tRPC that comes closest. */
	code: keyof typeof TRPC_ERROR_CODES_BY_KEY;
	/** None for what is nobody's doing but ours. */
	reason: string | null;
	message: string;
	headers?: OutgoingHttpHeaders;
};

const because = (
	status: number,
	code: Refusal['code'],
	reason: string | null,
	message: string,
	headers?: OutgoingHttpHeaders
): Refusal => ({ status, code, reason, message, headers });

export const refusals = {
	malformed: because(400, 'BAD_REQUEST', 'invalid', 'The request could not be read.'),
	badTarget: because(400, 'BAD_REQUEST', 'invalid', 'Ask for a path, such as /login.'),
	badHost: because(400, 'BAD_REQUEST', 'invalid', 'Name the host that is asked, once.'),
	manyKeys: because(400, 'BAD_REQUEST', 'invalid', 'Send one Authorization header.'),
	exposedKey: because(
		400,
		'BAD_REQUEST',
		'invalid',
		'An API key was sent in the address, where logs keep it. Revoke it, and send its successor as “Authorization: Bearer”.'
	),
	timedOut: because(408, 'TIMEOUT', 'timed_out', 'The request came too slowly. Please try again.'),
	tooLarge: because(
		413,
		'PAYLOAD_TOO_LARGE',
		'too_large',
		'The request holds more than is read here. Send less at once.'
	),
	longAddress: because(414, 'BAD_REQUEST', 'too_large', 'This address is too long.'),
	longHead: because(
		431,
		'BAD_REQUEST',
		'too_large',
		'The headers of the request are too long. Delete the cookies of this site and try again.'
	),
	compressed: because(415, 'UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type', 'Send the request uncompressed.'),
	expectation: because(417, 'BAD_REQUEST', 'invalid', 'The request expects what this server does not do.'),
	misdirected: because(
		421,
		'BAD_REQUEST',
		'misdirected',
		'This host is not served here. Check the address, or which Host the proxy passes on.'
	),
	crowding: because(
		429,
		'TOO_MANY_REQUESTS',
		'rate_limited',
		'Too many requests from your network are in progress. Please try again in a moment.',
		{ 'Retry-After': '1' }
	),
	failed: because(500, 'INTERNAL_SERVER_ERROR', null, 'Something went wrong.'),
	overloaded: because(
		503,
		'SERVICE_UNAVAILABLE',
		'overloaded',
		'Too many people are here right now. Please try again in a moment.',
		{ 'Retry-After': '1' }
	)
} as const satisfies Record<string, Refusal>;

/** A method that nothing behind an address has. */
export const notAllowed = (allowed: string): Refusal =>
	because(405, 'METHOD_NOT_SUPPORTED', 'method_not_allowed', `This address takes ${allowed} alone.`, {
		Allow: allowed
	});

/** A refusal as JSON: to a call as the door for it tells errors, to everybody else in the form of the app's. */
export function inJson({ status, code, reason, message }: Refusal, url: string, requestId: string): string {
	if (isRest(url)) return JSON.stringify({ error: { reason, message, fields: null, requestId } });
	if (!isCall(url)) return JSON.stringify({ status, message, reason, requestId });
	const data = { code, httpStatus: status, reason, fields: null, requestId };
	return JSON.stringify({ error: { json: { message, code: TRPC_ERROR_CODES_BY_KEY[code], data } } });
}

export const isCall = (url: string): boolean => url.startsWith('/trpc/');
const isRest = (url: string): boolean => url.startsWith('/api/v1/');

/** Whether an address is one that pages of other origins may call, where they are listed. */
export const isShared = (url: string): boolean => isCall(url) || isRest(url);

/** The methods that addresses of its kind have. */
export function methodsAt(url: string): string {
	if (isCall(url)) return 'GET, POST';
	return isRest(url) ? 'GET, POST, PATCH, DELETE' : 'GET, HEAD';
}
