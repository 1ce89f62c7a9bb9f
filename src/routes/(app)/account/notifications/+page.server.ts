import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
	const { items } = await api.settings.list();
	return { settings: items };
};
