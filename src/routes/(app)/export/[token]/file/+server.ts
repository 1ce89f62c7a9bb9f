import { admitPerson } from '#server/auth/admission.ts';
import { download } from '#server/csv.ts';
import { readCopy } from '#server/exports/service.ts';
import type { RequestHandler } from './$types';

/** A copy of all that is held of whoever is signed in, for them alone, sent while it is read. */
export const GET: RequestHandler = async ({ locals, params }) => {
	await locals.count();
	const actor = admitPerson(locals.actor, { own: true });
	return download('account.json', readCopy(actor, params.token), 'application/json');
};
