import type pg from 'pg';
import type { App, Largest } from './app.ts';
import { explain, isQuery, record, type Statement } from './statements.ts';

type Call = (input: object) => Promise<unknown>;

/** The statements of every procedure of an organisation: reads in the largest, writes in one that may break. */
async function statementsOf({ accessTable, makeTenant, SAMPLES }: App, { orgId, admin, ids }: Largest) {
	const found: { path: string; orgId: string; statement: Statement }[] = [];
	const seen = new Set<string>();
	for (const { path, type } of accessTable().filter(({ access }) => access?.includes('.'))) {
		const { names, asks } = SAMPLES[path] ?? {};
		for (const sample of [names, asks]) {
			const of = type === 'query' ? ids : await makeTenant();
			const { api } = 'admin' in of && type !== 'query' ? of.admin : admin;
			const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
			for (const input of [sample?.(of) ?? []].flat()) {
				for (const statement of await record(() => call({ org: of.slug, ...input }))) {
					if (!isQuery(statement) || seen.has(statement.text)) continue;
					seen.add(statement.text);
					found.push({ path, orgId: type === 'query' ? orgId : of.id, statement });
				}
			}
		}
	}
	return found;
}

/** Prints how each statement is gone about; answers those that read a tenant's table from end to end. */
export async function printPlans(app: App, largest: Largest, client: pg.Client, tables: string[]): Promise<string[]> {
	const scans: string[] = [];
	for (const { path, orgId, statement } of await statementsOf(app, largest)) {
		const plan = await explain(client, orgId, statement);
		console.log(`\n${path}\n${statement.text.replace(/^/gm, '  ')}\n${plan.replace(/^/gm, '    ')}`);
		for (const [, name] of plan.matchAll(/Seq Scan on (\w+)/g)) {
			if (tables.includes(name!)) scans.push(`${path} reads ${name} from end to end`);
		}
	}
	return scans;
}
