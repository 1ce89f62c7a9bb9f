import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org } }) => ({
	org: await api.orgs.get({ org }),
	members: await api.members.list({ org, limit: 1 }),
	customers: await api.customers.list({ org, limit: 1 })
});
