import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import { STANDINGS } from '#lib/standing.ts';
import type { PageServerLoad } from './$types';

/** What the address says of something that is or is not so; nothing where it leaves both. */
function isSo(url: URL, name: string): boolean | undefined {
	const word = wordOf(url, name, ['', 'yes', 'no']);
	return word ? word === 'yes' : undefined;
}

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const filter = {
		q: queryOf(url) || undefined,
		standing: wordOf(url, 'standing', ['', ...STANDINGS]) || undefined,
		verified: isSo(url, 'verified'),
		sysAdmin: isSo(url, 'sysAdmin')
	};
	const order = {
		sort: wordOf(url, 'sort', ['createdAt', 'name', 'email', 'lastSeenAt']),
		direction: wordOf(url, 'direction', ['desc', 'asc'])
	};
	const people = await loadPage(url, (cursor) => api.admin.users.list({ ...filter, ...order, cursor }));
	return { people, order, isFiltered: Object.values(filter).some((value) => value !== undefined) };
};
