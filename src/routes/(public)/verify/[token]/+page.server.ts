import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { token } }) => ({
	verification: await api.auth.verification({ token })
});
