import { globSync } from 'node:fs';
import { dirname } from 'node:path';

/** One private page, as a path and by how many layouts and pages it may be made of at the most. */
export type PrivatePage = { path: string; nodes: number };

/** Every page under (app), in the demo organisation. */
export const privatePages: PrivatePage[] = globSync('src/routes/(app)/**/+page.svelte').map((file) => {
	const segments = dirname(file).split('/').slice(2);
	const path = segments
		.filter((segment) => !segment.startsWith('('))
		.map((segment) => (segment === '[org]' ? 'acme' : segment))
		.join('/');
	// The root's layout, one for each folder, and the page.
	return { path: `/${path}`, nodes: segments.length + 2 };
});
