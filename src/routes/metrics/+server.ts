import { error } from '@sveltejs/kit';
import { METRICS_TOKEN } from '$app/env/private';
import { isSame } from '#server/crypto.ts';
import { AppError } from '#server/errors.ts';
import { METRICS_TYPE, renderMetrics } from '#server/metrics/service.ts';
import type { RequestHandler } from './$types';

/** What this process counted, for a Prometheus that has the token. */
export const GET: RequestHandler = async ({ request }) => {
	if (!METRICS_TOKEN) error(404, 'Not found');
	const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
	if (!isSame(given, METRICS_TOKEN)) {
		throw new AppError('unauthenticated', 'Send METRICS_TOKEN in the header Authorization: Bearer.');
	}
	return new Response(await renderMetrics(), { headers: { 'Content-Type': METRICS_TYPE } });
};
