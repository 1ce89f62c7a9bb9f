import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org, id } }) => ({
	key: await api.apiKeys.get({ org, id }),
	use: await api.apiKeys.usage({ org, id }),
	calls: await api.apiKeys.calls({ org, id })
});
