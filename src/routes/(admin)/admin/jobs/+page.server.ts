import { loadPage, wordOf } from '#lib/address.ts';
import { JOB_STATES } from '#lib/queue.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const state = wordOf(url, 'state', ['', ...JOB_STATES]) || undefined;
	const task = url.searchParams.get('task')?.slice(0, 128) || undefined;
	return {
		filter: { state, task },
		tasks: await api.admin.jobs.tasks(),
		jobs: await loadPage(url, (cursor) => api.admin.jobs.list({ state, task, cursor }))
	};
};
