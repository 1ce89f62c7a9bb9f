import { can } from '#lib/roles.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params: { org } }) => {
	const { role } = await api.orgs.get({ org });
	return {
		usage: await api.usage.summary({ org }),
		history: await api.usage.history({ org }),
		top: can(role, 'usage.readAll') ? await api.usage.topUsers({ org }) : null
	};
};
