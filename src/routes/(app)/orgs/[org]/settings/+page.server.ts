import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org } }) => ({
	org: await api.orgs.get({ org })
});
