import { globSync } from 'node:fs';
import { dirname } from 'node:path';

const files = globSync('src/routes/(app)/**/+page.svelte');

const segmentsOf = (file: string) => dirname(file).split('/').slice(2);

/** The path of every page under (app), in an organisation; that of a single thing, or behind a link, is one with this id. */
export const privatePages = (org: string, id = '00000000-0000-4000-8000-000000000000'): string[] =>
	files.map((file) => {
		const segments = segmentsOf(file).filter((segment) => !segment.startsWith('('));
		return `/${segments
			.join('/')
			.replace('[org]', org)
			.replace(/\[(id|token)\]/, id)}`;
	});

/** By how many layouts and pages a private page may be made of at the most: the root's, one a folder, and its own. */
export const nodesOf = (nth: number): number => segmentsOf(files[nth]!).length + 2;
