import { globSync, readFileSync } from 'node:fs';

const ROOT = 'src/routes';

export type Route = {
	/** As SvelteKit names it, without its groups: `/orgs/[org]/customers`. */
	path: string;
	isPage: boolean;
	/** Whether it answers a GET. */
	isRead: boolean;
	/** The methods of a door that change something. */
	changes: string[];
};

/** Every route there is, as its files say. */
export const routes: Route[] = globSync(`${ROOT}/**/+{page.svelte,server.ts}`)
	.map((file) => {
		const isPage = file.endsWith('.svelte');
		const folder = file.slice(ROOT.length, file.lastIndexOf('/'));
		const source = isPage ? '' : readFileSync(file, 'utf8');
		const has = (method: string) => new RegExp(`\\b${method}\\b`).test(source);
		const changes = ['POST', 'PUT', 'PATCH', 'DELETE'].filter(has);
		const path = folder.replaceAll(/\/\([^)]+\)/g, '') || '/';
		return { path, isPage, isRead: isPage || has('GET'), changes };
	})
	.sort((a, b) => a.path.localeCompare(b.path));

/** The path of a route with its parameters filled in; throws for one that `values` does not know. */
export const fill = (path: string, values: Record<string, string>): string =>
	path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => {
		if (values[name] === undefined) throw new Error(`Say what [${name}] of ${path} is, for the tests that visit it.`);
		return values[name];
	});
