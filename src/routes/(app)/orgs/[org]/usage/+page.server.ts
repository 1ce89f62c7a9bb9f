import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org } }) => ({
	usage: await api.usage.summary({ org })
});
