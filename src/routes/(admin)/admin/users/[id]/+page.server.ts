import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { id: userId }, url }) => ({
	person: await api.admin.users.get({ userId }),
	activity: await loadPage(url, (cursor) => api.admin.users.activity({ userId, cursor, limit: 10 }))
});
