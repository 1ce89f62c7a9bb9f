import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { token } }) => ({
	change: await api.account.emailChange({ token })
});
