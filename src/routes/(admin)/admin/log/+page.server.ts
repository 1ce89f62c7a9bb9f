import { loadPage } from '#lib/address.ts';
import { ADMIN_ACTIONS } from '#lib/console.ts';
import type { PageServerLoad } from './$types';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What the address asks for; what makes no sense is left out. */
function filterOf({ searchParams }: URL) {
	const id = (name: string) => [searchParams.get(name) ?? ''].find((value) => UUID.test(value));
	const action = ADMIN_ACTIONS.find((action) => action === searchParams.get('action'));
	return { action, actorId: id('actorId'), targetId: id('targetId') };
}

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const filter = filterOf(url);
	return { filter, entries: await loadPage(url, (cursor) => api.admin.log.list({ ...filter, cursor })) };
};
