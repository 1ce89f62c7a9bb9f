import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

const SORTS = ['createdAt', 'name'] as const;

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const q = queryOf(url) || undefined;
	const { items: plans } = await api.admin.tiers.list();
	const tier = wordOf(url, 'tier', ['', ...plans.map(({ key }) => key)]) || undefined;
	const standing = wordOf(url, 'standing', ['', 'open', 'suspended'] as const) || undefined;
	const sort = wordOf(url, 'sort', SORTS);
	const direction = wordOf(url, 'direction', sort === 'name' ? ['asc', 'desc'] : ['desc', 'asc']);
	const filter = { q, tier, standing, sort, direction };
	return {
		plans,
		order: { sort, direction },
		orgs: await loadPage(url, (cursor) => api.admin.orgs.list({ ...filter, cursor }))
	};
};
