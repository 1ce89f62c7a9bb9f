import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => ({ tiers: await api.admin.tiers.list() });
