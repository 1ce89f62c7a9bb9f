import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import { ORG_ROLES } from '#lib/roles.ts';
import { readSeats } from '../seats.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const q = queryOf(url);
	const role = wordOf(url, 'role', ['', ...ORG_ROLES]) || undefined;
	const found = await api.orgs.get({ org });
	return {
		org: found,
		seats: await readSeats(api, found),
		members: await loadPage(url, (cursor) => api.members.list({ org, q, role, cursor }))
	};
};
