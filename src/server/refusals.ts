import { isAway } from './db.ts';
import { AppError } from './errors.ts';
import { log } from './log.ts';
import { unavailable } from './outcome.ts';
import { refuse } from './rest/door.ts';
import { refusal } from './trpc.ts';

/** How the doors for calls tell of a refusal. */
const TELLING = new Map<string | null, (refused: AppError) => Response>([
	['/trpc/[...path]', refusal],
	['/api/v1/[...path]', refuse]
]);

/** What a door for calls answers where nobody was let in. A refusal elsewhere, and whatever is none, is thrown on. */
export function answerRefusal(routeId: string | null, cause: unknown): Response {
	const refused = isAway(cause) ? unavailable(cause) : cause;
	if (refused instanceof AppError) log.info({ route: routeId, reason: refused.reason }, 'request refused');
	const tell = TELLING.get(routeId);
	if (refused instanceof AppError && tell) return tell(refused);
	throw refused;
}
