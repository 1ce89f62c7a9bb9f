import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
	const { items } = await api.admin.settings.list();
	return { settings: Object.fromEntries(items.map(({ key, value }) => [key, value])) };
};
