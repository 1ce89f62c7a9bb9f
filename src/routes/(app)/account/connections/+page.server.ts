import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
	const [account, connections, waiting] = await Promise.all([
		api.account.get(),
		api.account.connections(),
		api.oauth.waiting()
	]);
	return { account, connections, waiting };
};
