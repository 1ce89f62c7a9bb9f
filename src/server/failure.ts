import type { HandleServerError } from '@sveltejs/kit/hooks';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { isGone } from './body.ts';
import { isAway } from './db.ts';
import { AppError } from './errors.ts';
import { log } from './log.ts';
import { unavailable } from './outcome.ts';

/** What a person, or a program, hears of what was thrown; bugs stay in the log, with their cause. */
export const tellFailure: HandleServerError = ({ kind, error, event }) => {
	const { requestId } = event.locals;
	if (error instanceof AppError) {
		Object.assign(event.locals, { reason: error.reason, retryAfter: error.retryAfter ?? undefined });
		return { status: getHTTPStatusCodeFromError(error), message: error.message, reason: error.reason, requestId };
	}
	if (error instanceof TRPCError && error.code === 'BAD_REQUEST') {
		return {
			status: 400,
			message: 'This address asks for something that does not exist. Go back and try again.',
			requestId
		};
	}
	if (kind !== 'unknown') return { requestId };
	if (isGone(error, event.request)) {
		log.info({ route: event.route.id }, 'whoever asked is gone');
		return { status: 400, message: 'The request was not sent to its end.', requestId };
	}
	if (isAway(error)) {
		const { message, reason } = unavailable(error);
		return { status: 503, message, reason, requestId };
	}
	log.error({ err: error, route: event.route.id }, 'request failed');
	const message = `Something went wrong. If it happens again, tell us this number: ${requestId}`;
	return { status: 500, message, requestId };
};
