import { loadPage } from '#lib/address.ts';
import { isEnabled } from '#lib/plans.ts';
import { filterOf } from './filter.ts';
import type { PageServerLoad } from './$types';

/** People who can be chosen from; whoever else acted is found by a click on their name. */
const CHOICES = 100;

export const load: PageServerLoad = async ({ locals: { api }, params: { org }, url }) => {
	const filter = filterOf(url);
	const entries = await loadPage(url, (cursor) => api.audit.list({ org, ...filter, cursor }));
	const canExport = isEnabled(await api.orgs.get({ org }), 'audit_export');
	const { items: members } = await api.members.list({ org, limit: CHOICES });
	const people = members.map(({ userId, name, email }) => ({ id: userId, name: name || email }));
	return { entries, filter, canExport, members: people };
};
