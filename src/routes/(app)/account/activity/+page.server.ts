import { loadPage } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => ({
	activity: await loadPage(url, (cursor) => api.account.activity({ cursor }))
});
