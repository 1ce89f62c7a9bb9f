import { readFilter } from '#server/audit/filter.ts';
import { exportEntries } from '#server/audit/service.ts';
import { download } from '#server/csv.ts';
import type { RequestHandler } from './$types';

/** The log as a file, sent while it is read. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	await locals.count({ org: params.org, procedure: 'audit.export' });
	return download(`${params.org}-audit.csv`, exportEntries(locals.actor, params.org, readFilter(url.searchParams)));
};
