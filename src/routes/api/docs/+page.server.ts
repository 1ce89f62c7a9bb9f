import type { PageServerLoad } from './$types';
import { readDocument, type Document } from './view.ts';

export const load: PageServerLoad = async ({ fetch }) => {
	const answer = await fetch('/api/openapi.json');
	return readDocument((await answer.json()) as Document);
};
