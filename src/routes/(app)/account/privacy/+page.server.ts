import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
	const [departure, exporting, account] = await Promise.all([
		api.account.departure(),
		api.account.exportStatus(),
		api.account.get()
	]);
	return { departure, exporting, email: account.email };
};
