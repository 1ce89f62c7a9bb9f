import { inOrg } from '#server/auth/access.ts';
import { decode, readBody } from '#server/body.ts';
import { importCustomers } from '#server/customers/import.ts';
import { AppError, invalid } from '#server/errors.ts';
import { inLines } from '#server/lines.ts';
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

/** Takes a file of customers; tells of its progress, and last which rows were refused. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	await locals.count({ org: params.org, procedure: 'customers.import' });
	// Whoever may not import is not read from.
	await inOrg(locals.actor, params.org, 'customers.write', 'read only', () => Promise.resolve());
	const file = await readForm(request);
	const failure = 'Something went wrong, and nothing was imported. Please try again.';
	return inLines((say) => importCustomers(locals.actor, params.org, file, say), failure);
};
