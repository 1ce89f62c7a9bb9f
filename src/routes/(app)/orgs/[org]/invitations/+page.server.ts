import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => ({
	org: await api.orgs.get({ org }),
	invitations: await loadPage(url, (cursor) => api.invitations.list({ org, cursor }))
});
