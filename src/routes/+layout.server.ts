import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals: { api }, cookies }) => ({
	session: await api.auth.session(),
	config: await api.auth.config(),
	theme: cookies.get('theme'),
	lastOrg: cookies.get('last_org'),
	now: new Date()
});
