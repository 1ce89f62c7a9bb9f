import { download } from '#server/csv.ts';
import { exportCustomers } from '#server/customers/service.ts';
import type { RequestHandler } from './$types';

/** The customers as a file, sent while it is read. */
export const GET: RequestHandler = async ({ locals, params }) => {
	await locals.count({ org: params.org, procedure: 'customers.export' });
	return download(`${params.org}-customers.csv`, exportCustomers(locals.actor, params.org));
};
