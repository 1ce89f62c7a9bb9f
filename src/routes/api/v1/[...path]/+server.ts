import { answerRest } from '#server/rest/door.ts';
import type { RequestHandler } from './$types';

const handler: RequestHandler = (event) => answerRest(event);

export { handler as GET, handler as POST, handler as PATCH, handler as DELETE, handler as fallback };
