import { z } from 'zod';
import { summarize } from '#server/assistant/service.ts';
import { inOrg } from '#server/auth/access.ts';
import { decode, readBody } from '#server/body.ts';
import { AppError, invalid } from '#server/errors.ts';
import { uuid } from '#server/fields.ts';
import { inLines } from '#server/lines.ts';
import { settings } from '#server/settings.ts';
import type { RequestHandler } from './$types';

/** Bytes of a request's body: an id and what JSON wraps it in. */
const BODY_LIMIT = 1024;

const input = z.object({ id: uuid });

async function readId(request: Request): Promise<string> {
	if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
		throw new AppError('unsupported_media_type', 'Send the request as application/json.');
	}
	const text = decode(await readBody(request, BODY_LIMIT), 'The request is not valid UTF-8.');
	try {
		return input.parse(JSON.parse(text)).id;
	} catch {
		throw invalid('id', 'Name the customer by its id.');
	}
}

/** `assistant.summarize` as it is written: pieces of the text, and last what they cost and who wrote them. */
export const POST: RequestHandler = async ({ locals, params: { org }, request }) => {
	const { actor, count } = locals;
	await count({ org, procedure: 'assistant.summarize' });
	// Whoever may not ask is not read from.
	await inOrg(actor, org, 'customers.read', 'read only', () => Promise.resolve());
	const id = await readId(request);
	const work = async (say: (line: object) => void, signal: AbortSignal) => {
		const listener = { signal, say: (text: string) => say({ text }) };
		const { tokens, model } = await summarize(actor, org, id, settings.model, listener);
		return { tokens, model };
	};
	return inLines(work, 'Something went wrong. Please try again.', locals);
};
