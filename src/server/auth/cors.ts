import { APP_ENV, CORS_ORIGINS } from '$app/env/private';

/** Whether pages of this origin, as a browser names it, may call procedures. `*` is every origin, in development. */
export const maySend = (origin: string | null): origin is string =>
	origin !== null && (CORS_ORIGINS.includes(origin) || (APP_ENV === 'dev' && CORS_ORIGINS.includes('*')));

const PREFLIGHT = {
	'Access-Control-Allow-Methods': 'GET, POST',
	'Access-Control-Allow-Headers': 'Content-Type, X-CSRF-Token, Authorization',
	// Two hours in seconds, the longest that browsers keep to.
	'Access-Control-Max-Age': '7200'
};

/** Answers the question of a browser whether a page of another origin may call; nothing for an origin that may not. */
export function answerPreflight({ method, headers }: Request): Response | undefined {
	const isAsked = method === 'OPTIONS' && headers.has('access-control-request-method');
	if (isAsked && maySend(headers.get('origin'))) return new Response(null, { status: 204, headers: PREFLIGHT });
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
