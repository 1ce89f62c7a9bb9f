import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { isAway } from './db.ts';
import { AppError, reasonOf } from './errors.ts';
import { log } from './log.ts';
import { unavailable } from './outcome.ts';
import { BASE, refuse } from './rest/door.ts';
import { refusal } from './trpc.ts';

/** How the doors for calls tell of a refusal. */
const TELLING: [string, (refused: AppError) => Response][] = [
	['/trpc/', refusal],
	[`${BASE}/`, refuse]
];

/** An address whose escapes cannot be read has no route, and still stands below a door. */
const tellingAt = ({ route, url }: RequestEvent) =>
	TELLING.find(([door]) => (route.id ?? url.pathname).startsWith(door))?.[1];

function refusedBy({ route }: RequestEvent, cause: unknown): unknown {
	const refused = isAway(cause) ? unavailable(cause) : cause;
	if (refused instanceof AppError) log.info({ route: route.id, reason: refused.reason }, 'request refused');
	return refused;
}

/** What a door for calls answers where nobody was let in. A refusal elsewhere, and whatever is none, is thrown on. */
export function answerRefusal(event: RequestEvent, cause: unknown): Response {
	const refused = refusedBy(event, cause);
	const tell = tellingAt(event);
	if (refused instanceof AppError && tell) return tell(refused);
	throw refused;
}

/** The same for a program, which is told of every refusal and led on without a page; only a bug is thrown on. */
export function tellProgram(event: RequestEvent, cause: unknown): Response {
	if (isRedirect(cause)) return new Response(null, { status: cause.status, headers: { Location: cause.location } });
	const known = isHttpError(cause) ? new AppError(reasonOf(cause.status) ?? 'invalid', cause.body.message) : cause;
	const refused = refusedBy(event, known);
	if (!(refused instanceof AppError)) throw refused;
	const { message, reason, retryAfter } = refused;
	event.locals.reason = reason;
	const tell = tellingAt(event);
	if (tell) return tell(refused);
	const status = getHTTPStatusCodeFromError(refused);
	const headers = { ...(retryAfter !== null && { 'Retry-After': String(retryAfter) }) };
	return Response.json({ status, message, reason, requestId: event.locals.requestId }, { status, headers });
}
