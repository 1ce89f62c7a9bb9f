import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import { ORG_ROLES } from '#lib/roles.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const q = queryOf(url);
	const role = wordOf(url, 'role', ['', ...ORG_ROLES]) || undefined;
	return {
		org: await api.orgs.get({ org }),
		members: await loadPage(url, (cursor) => api.members.list({ org, q, role, cursor }))
	};
};
