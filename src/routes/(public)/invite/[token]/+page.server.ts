import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { token } }) => ({
	invitation: await api.invitations.get({ token })
});
