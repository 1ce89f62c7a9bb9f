import { loadPage } from '#lib/address.ts';
import { readSeats } from '../seats.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const found = await api.orgs.get({ org });
	return {
		org: found,
		seats: await readSeats(api, found),
		invitations: await loadPage(url, (cursor) => api.invitations.list({ org, cursor }))
	};
};
