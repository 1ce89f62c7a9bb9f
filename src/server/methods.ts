import type { RequestEvent } from '@sveltejs/kit';
import { AppError } from './errors.ts';

/** What is behind the routes that are no pages. */
const doors = import.meta.glob<Record<string, unknown>>('../routes/**/+server.ts');

/** Whether a route answers programs, and is no page. */
export const isDoor = (routeId: string | null): boolean => `../routes${routeId}/+server.ts` in doors;

const OF_A_PAGE = ['GET', 'HEAD'];

/** The methods that a route has; none for any. */
async function methodsOf(routeId: string): Promise<string[] | undefined> {
	const door = doors[`../routes${routeId}/+server.ts`];
	if (!door) return OF_A_PAGE;
	const methods = Object.keys(await door()).filter((name) => /^[A-Z]+$/.test(name) || name === 'fallback');
	if (methods.includes('fallback')) return undefined;
	return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/**
 * The answer to a method that its route does not have.
 * @throws {AppError} `method_not_allowed` where a person reads it: their form was sent before its page was ready
 */
export async function refuseMethod({ locals, request, route }: RequestEvent): Promise<Response | undefined> {
	const methods = route.id === null ? undefined : await methodsOf(route.id);
	if (!methods || methods.includes(request.method)) return undefined;
	if (methods === OF_A_PAGE && request.headers.get('accept')?.includes('text/html')) {
		throw new AppError('method_not_allowed', 'The page was not ready yet. Go back to it and try again.');
	}
	const allowed = methods.join(', ');
	const message = `This address takes ${allowed} alone.`;
	return Response.json(
		{ status: 405, message, reason: 'method_not_allowed', requestId: locals.requestId },
		{ status: 405, headers: { Allow: allowed } }
	);
}
