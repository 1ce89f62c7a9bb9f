import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => ({
	org: await api.orgs.get({ org }),
	keys: await loadPage(url, (cursor) => api.apiKeys.list({ org, cursor }))
});
