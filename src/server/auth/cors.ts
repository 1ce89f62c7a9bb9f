import { APP_ENV, CORS_ORIGINS } from '$app/env/private';

/** Whether pages of this origin, as a browser names it, may call procedures. `*` is every origin, in development. */
export const maySend = (origin: string | null): origin is string =>
	origin !== null && (CORS_ORIGINS.includes(origin) || (APP_ENV === 'dev' && CORS_ORIGINS.includes('*')));

/** The routes that pages of other origins may call, and their methods. */
const SHARED = new Map<string | null, string>([
	['/trpc/[...path]', 'GET, POST'],
	['/api/v1/[...path]', 'GET, POST, PATCH, DELETE']
]);

export const isShared = (routeId: string | null): boolean => SHARED.has(routeId);

const PREFLIGHT = {
	'Access-Control-Allow-Headers': 'Content-Type, X-CSRF-Token, Authorization',
	// Two hours in seconds, the longest that browsers keep to.
	'Access-Control-Max-Age': '7200'
};

/** Answers the question of a browser whether a page of another origin may call; nothing for an origin that may not. */
export function answerPreflight({ method, headers }: Request, routeId: string | null): Response | undefined {
	const isAsked = method === 'OPTIONS' && headers.has('access-control-request-method');
	if (!isAsked || !maySend(headers.get('origin'))) return undefined;
	const methods = { 'Access-Control-Allow-Methods': SHARED.get(routeId) ?? '' };
	return new Response(null, { status: 204, headers: { ...methods, ...PREFLIGHT } });
}

/** Lets pages of the origins that may call read the answer, with credentials; says nothing to any other. */
export function share({ headers }: Request, answer: Response): Response {
	if (CORS_ORIGINS.length === 0) return answer;
	answer.headers.append('Vary', 'Origin');
	const origin = headers.get('origin');
	if (!maySend(origin)) return answer;
	answer.headers.set('Access-Control-Allow-Origin', origin);
	answer.headers.set('Access-Control-Allow-Credentials', 'true');
	answer.headers.set(
		'Access-Control-Expose-Headers',
		'X-Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset'
	);
	return answer;
}
