import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { decode, readBody } from '#server/body.ts';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { appRouter } from '#server/router.ts';
import { createContext, refusal } from '#server/trpc.ts';
import type { RequestHandler } from './$types';

/** Bytes of a request's body; no input of ours comes near. */
const BODY_LIMIT = 64 * 1024;

/** The request of a mutation: JSON of a modest size, and never a stream of answers, which would lose cookies. */
async function plainRequest(request: Request): Promise<Request> {
	if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
		throw new AppError('unsupported_media_type', 'Send the request as application/json.');
	}
	const body = decode(await readBody(request, BODY_LIMIT), 'The request is not valid UTF-8.');
	const headers = new Headers(request.headers);
	headers.delete('trpc-accept');
	return new Request(request.url, { method: 'POST', headers, body });
}

/** The longest wait that one of the calls asks for, in seconds. */
function retryAfter(errors: unknown[]): Record<string, string> {
	const waits = errors.flatMap((error) => (error instanceof AppError && error.retryAfter ? [error.retryAfter] : []));
	return waits.length > 0 ? { 'Retry-After': String(Math.max(...waits)) } : {};
}

const handler: RequestHandler = async (event) => {
	try {
		const req = event.request.method === 'POST' ? await plainRequest(event.request) : event.request;
		return await fetchRequestHandler({
			endpoint: '/trpc',
			req,
			router: appRouter,
			createContext: ({ info }) => createContext(event, info.calls.length),
			maxBatchSize: 10,
			responseMeta: ({ errors }) => ({ headers: { 'content-type': 'application/json', ...retryAfter(errors) } }),
			onError: ({ path, error }) => {
				if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause, path }, 'procedure failed');
			}
		});
	} catch (error) {
		if (error instanceof AppError) return refusal(error);
		throw error;
	}
};

export { handler as GET, handler as POST };

export const fallback: RequestHandler = () => {
	const refused = refusal(new AppError('method_not_allowed', 'Queries are called by GET, mutations by POST.'));
	refused.headers.set('Allow', 'GET, POST');
	return refused;
};
