import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals: { api } }) => ({
	/** The invitations that wait for whoever is signed in. */
	waiting: await api.invitations.mine()
});
