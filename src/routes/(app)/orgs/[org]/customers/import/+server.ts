import { inOrg } from '#server/auth/access.ts';
import { decode, readForm } from '#server/body.ts';
import { importCustomers } from '#server/customers/import.ts';
import { invalid } from '#server/errors.ts';
import { inLines } from '#server/lines.ts';
import type { RequestHandler } from './$types';

/** Bytes of a request's body, the file and what a form wraps it in. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** The file of a form, and whether one bad row refuses them all. */
async function readFile(request: Request): Promise<{ text: string; allOrNothing: boolean }> {
	const form = await readForm(request, BODY_LIMIT);
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
	const file = await readFile(request);
	const failure = 'Something went wrong, and nothing was imported. Please try again.';
	return inLines((say) => importCustomers(locals.actor, params.org, file, say), failure, locals);
};
