import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { token } }) => ({
	restoration: await api.account.restoration({ token })
});
