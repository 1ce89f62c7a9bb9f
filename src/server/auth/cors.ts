import { APP_ENV, CORS_ORIGINS } from '$app/env/private';
import * as cors from '../../../http/cors.ts';

const LISTED = { origins: CORS_ORIGINS, isDeployed: APP_ENV !== 'dev' };

/** Whether pages of this origin, as a browser names it, may call procedures. */
export const maySend = (origin: string | null): boolean => cors.maySend(origin, LISTED);

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

/** Lets pages of the origins that may call read the answer, as `http/front.ts` does where it refuses by itself. */
export function share({ headers }: Request, answer: Response): Response {
	for (const [name, value] of Object.entries(cors.sharing(headers.get('origin'), LISTED))) {
		answer.headers.append(name, value);
	}
	return answer;
}
