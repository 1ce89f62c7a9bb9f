import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals: { api }, cookies }) => ({
	session: await api.auth.session(),
	config: await api.auth.config(),
	theme: cookies.get('theme'),
	now: new Date()
});
