import type { RequestEvent } from '@sveltejs/kit';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { AppError } from '../errors.ts';
import { currentRequestId, log } from '../log.ts';
import type { createCaller } from '../router.ts';
import { outcome } from '../outcome.ts';
import { readInput } from './input.ts';
import { findOperations, isLocated, type Operation } from './operations.ts';

/** Where the REST API begins. */
export const BASE = '/api/v1';

/** An error as the REST API tells it: the same as to a call of tRPC, without its envelope. */
export function refuse(error: TRPCError): Response {
	const { reason = null, message = 'Something went wrong.', fields = null } = outcome(error) ?? {};
	const wait = error instanceof AppError && error.retryAfter !== null && { 'Retry-After': String(error.retryAfter) };
	// Whoever asks is told how to say who they are, as HTTP wants it.
	const challenge = error.code === 'UNAUTHORIZED' && { 'WWW-Authenticate': 'Bearer' };
	const body = { error: { reason, message, fields, requestId: currentRequestId() } };
	return Response.json(body, { status: getHTTPStatusCodeFromError(error), headers: { ...wait, ...challenge } });
}

const missing = () => new AppError('not_found', 'There is no such address in this API. See /api/docs.');

/** The segments of an address below the API; those of `a%2Fb` are one. */
function segmentsOf({ pathname }: URL): string[] {
	try {
		return pathname.slice(BASE.length).split('/').slice(1).map(decodeURIComponent);
	} catch {
		throw missing();
	}
}

/** Answers which methods an address has: to whoever asks, and to whoever came with another one. */
function tellMethods(found: Operation[], method: string): Response {
	const own = found.map(({ method }) => method);
	const allowed = [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
	const isAsked = method === 'OPTIONS';
	const answer = isAsked
		? new Response(null, { status: 204 })
		: refuse(new AppError('method_not_allowed', `This address takes ${allowed} alone.`));
	answer.headers.set('Allow', allowed);
	return answer;
}

type Call = (input: Record<string, unknown>) => Promise<unknown>;

/** A procedure of the caller by its path. */
const procedureOf = (api: ReturnType<typeof createCaller>, { name }: Operation): Call =>
	name.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;

type Event = Pick<RequestEvent, 'locals' | 'request' | 'url'>;

/** The input of a call. What is refused here is counted here, too: the procedure never hears of it. */
async function inputOf(event: Event, operation: Operation, inPath: Record<string, string>) {
	try {
		return await readInput(event, operation, inPath);
	} catch (error) {
		await event.locals.count({ org: inPath.org ?? '', procedure: operation.name });
		throw error;
	}
}

/** An answer; to something new, with its address where it has one. */
function written(operation: Operation, pathname: string, answer: unknown): Response {
	const { creates } = operation;
	const headers = new Headers();
	if (isLocated(operation)) headers.set('Location', `${pathname}/${(answer as { id: string }).id}`);
	return Response.json(answer, { status: creates ? 201 : 200, headers });
}

/** Answers a request to the REST API by calling the procedure that it names, as whoever asks. */
export async function answerRest(event: Event): Promise<Response> {
	const { locals, request, url } = event;
	let called: string | undefined;
	try {
		const found = findOperations(segmentsOf(url));
		if (found.length === 0) throw missing();
		const method = request.method === 'HEAD' ? 'GET' : request.method;
		const chosen = found.find(({ operation }) => operation.method === method);
		if (!chosen) {
			return tellMethods(
				found.map(({ operation }) => operation),
				method
			);
		}
		const { operation, fields } = chosen;
		called = operation.name;
		const input = await inputOf(event, operation, fields);
		return written(operation, url.pathname, await procedureOf(locals.api, operation)(input));
	} catch (error) {
		if (!(error instanceof TRPCError)) throw error;
		if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause, path: called }, 'procedure failed');
		return refuse(error);
	}
}
