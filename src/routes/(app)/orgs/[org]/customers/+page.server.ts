import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const q = queryOf(url);
	const order = {
		sort: wordOf(url, 'sort', ['name', 'email', 'createdAt']),
		direction: wordOf(url, 'direction', ['asc', 'desc'])
	};
	const customers = await loadPage(url, (cursor) => api.customers.list({ org, q, ...order, cursor }));
	return { customers, order, q };
};
