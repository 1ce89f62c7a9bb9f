import { inOrg } from '#server/auth/access.ts';
import { decode, readBody } from '#server/body.ts';
import { importCustomers } from '#server/customers/import.ts';
import { AppError, invalid } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { RequestHandler } from './$types';

/** Bytes of a request's body, the file and what a form wraps it in. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** The file of a form, and whether one bad row refuses them all. */
async function readForm(request: Request): Promise<{ text: string; allOrNothing: boolean }> {
	const type = request.headers.get('content-type') ?? '';
	if (!/^multipart\/form-data\s*;/i.test(type)) {
		throw new AppError('unsupported_media_type', 'Send the file as multipart/form-data.');
	}
	const body = await readBody(request, BODY_LIMIT);
	const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } })
		.formData()
		.catch(() => new FormData());
	const file = form.get('file');
	if (!(file instanceof File)) throw invalid('file', 'Choose a CSV file.');
	const text = decode(await file.bytes(), 'This file is not UTF-8. Save it as “CSV UTF-8”.');
	return { text, allOrNothing: form.get('allOrNothing') === 'true' };
}

/** Ends the work of an import that nobody waits for any more. */
class Gone extends Error {}

/** An answer that is sent line by line while the work goes on. What fails before the first line is thrown. */
async function inLines(work: (say: (line: object) => void) => Promise<object>): Promise<Response> {
	const begun = Promise.withResolvers<void>();
	let isGone = false;
	const body = new ReadableStream<Uint8Array>({
		start(stream) {
			const say = (line: object) => {
				if (isGone) throw new Gone();
				stream.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
				begun.resolve();
			};
			const fail = (error: unknown) => {
				begun.reject(error);
				const isRefused = error instanceof AppError;
				if (error instanceof Gone) return log.info('whoever asked is gone, and nothing was imported');
				if (!isRefused) log.error({ err: error }, 'import failed');
				if (isGone) return;
				const message = 'Something went wrong, and nothing was imported. Please try again.';
				say({ message: isRefused ? error.message : message });
			};
			void work(say)
				.then(say)
				.catch(fail)
				.then(() => isGone || stream.close());
		},
		cancel: () => void (isGone = true)
	});
	await begun.promise;
	return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
}

/** Takes a file of customers; tells of its progress, and last which rows were refused. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	await locals.count();
	// Whoever may not import is not read from.
	await inOrg(locals.actor, params.org, 'customers.write', 'read only', () => Promise.resolve());
	const file = await readForm(request);
	return inLines((say) => importCustomers(locals.actor, params.org, file, say));
};
