import type { Access } from './access.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch }) => {
	const response = await fetch('/dev/access.json');
	return (await response.json()) as Access;
};
