import { wordOf } from '#lib/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
	const days = Number(wordOf(url, 'days', ['30', '7', '90']));
	return { span: days, figures: await api.admin.figures({ days }) };
};
