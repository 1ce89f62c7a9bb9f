import type { RequestEvent } from '@sveltejs/kit';
import { findOperations } from './rest/operations.ts';
import { isProcedure } from './router.ts';

/** The procedures that a request calls, for the log. What is none may be anything, a secret included, and is `?`. */
export function calledBy({ params: { path }, request, route }: RequestEvent): string | undefined {
	if (path === undefined) return undefined;
	if (route.id?.startsWith('/trpc')) {
		const names = path.split(',').map((name) => (isProcedure(name) ? name : '?'));
		return names.join(',');
	}
	const method = request.method === 'HEAD' ? 'GET' : request.method;
	const found = findOperations(path.split('/')).find(({ operation }) => operation.method === method);
	return found?.operation.name ?? '?';
}
