import { loadPage, queryOf, wordOf } from '#lib/address.ts';
import { MAIL_STATES } from '#lib/queue.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const state = wordOf(url, 'state', ['', ...MAIL_STATES]) || undefined;
	const to = queryOf(url) || undefined;
	return { filter: { state, to }, mails: await loadPage(url, (cursor) => api.admin.mail.list({ state, to, cursor })) };
};
