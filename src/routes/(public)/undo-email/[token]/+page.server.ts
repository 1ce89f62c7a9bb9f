import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { token } }) => ({
	undo: await api.account.emailUndo({ token })
});
