import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org } }) => {
	const [found, { items }] = await Promise.all([api.orgs.get({ org }), api.settings.list({ org })]);
	return { org: found, settings: Object.fromEntries(items.map(({ key, value }) => [key, value])) };
};
