import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
	const [departure, account] = await Promise.all([api.account.departure(), api.account.get()]);
	return { departure, email: account.email };
};
