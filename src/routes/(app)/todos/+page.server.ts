import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => ({
	todos: await loadPage(url, (cursor) => api.todos.list({ cursor }))
});
