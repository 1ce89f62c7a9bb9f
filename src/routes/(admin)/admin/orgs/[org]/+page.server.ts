import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const found = await api.admin.orgs.get({ org });
	return {
		org: found,
		plans: (await api.admin.tiers.list()).items,
		members: await loadPage(url, (cursor) => api.admin.orgs.members({ org, cursor })),
		log: await api.admin.log.list({ targetId: found.id, limit: 5 })
	};
};
