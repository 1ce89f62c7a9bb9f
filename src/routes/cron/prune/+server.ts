import { error } from '@sveltejs/kit';
import { CRON_SECRET } from '$app/env/private';
import { isSame } from '#server/crypto.ts';
import { AppError } from '#server/errors.ts';
import { prune } from '#server/pruning/service.ts';
import type { RequestHandler } from './$types';

/** Prunes on request, for platforms that call by the clock. */
export const POST: RequestHandler = async ({ locals, request }) => {
	if (!CRON_SECRET) error(404, 'Not found');
	await locals.count();
	if (!isSame(request.headers.get('x-cron-secret') ?? '', CRON_SECRET)) {
		throw new AppError('unauthenticated', 'Send the secret of CRON_SECRET in the header X-Cron-Secret.');
	}
	if (!(await prune())) throw new AppError('conflict', 'Another run is at work. There is nothing to do.');
	return new Response(null, { status: 204 });
};
