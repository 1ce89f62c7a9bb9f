import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { enterLargest, loadApp, type App } from './app.ts';
import { measureEntering, measurePages } from './pages.ts';
import { printPlans } from './plans.ts';
import { countScans, listen } from './statements.ts';
import { milliseconds, table } from './table.ts';

const CUSTOMERS = Number(process.argv[2] ?? 1_000_000);

/** Milliseconds of database time that any page of customers may take. */
const AIM = 50;

async function seed(client: pg.Client): Promise<void> {
	const start = performance.now();
	await client.query("select set_config('bench.customers', $1, false)", [CUSTOMERS]);
	await client.query(await readFile(new URL('tenants.sql', import.meta.url), 'utf8'));
	await client.query('vacuum analyze');
	console.log(`${CUSTOMERS} customers seeded in ${Math.round((performance.now() - start) / 1000)} s.`);
}

async function bench(app: App, client: pg.Client): Promise<string[]> {
	const largest = await enterLargest(app, client);
	const tables = (await app.tenantTables()).map(({ name }) => name);
	const before = await countScans(client, tables);
	const scans = await printPlans(app, largest, client, tables);
	const after = await countScans(client, tables);
	for (const [name, count] of after) {
		const more = count - before.get(name)!;
		if (more > 0) scans.push(`${name} was read from end to end ${more} times`);
	}
	const pages = await measurePages(largest, client);
	const { ratio, inside, alone } = await measureEntering(app, largest);
	console.log(`\nThe slowest of ${pages.length} pages of ${CUSTOMERS / 2} customers; the aim is < ${AIM} ms\n`);
	console.log(table(pages.slice(0, 15).map(({ ms, cells }) => [milliseconds(ms).padStart(9), ...cells])));
	console.log(`\nA page through the door : its statement alone = ${ratio.toFixed(2)}`);
	console.log(`(${milliseconds(inside)} : ${milliseconds(alone)})\n`);
	return scans;
}

async function main(): Promise<void> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	const app = await seed(client).then(loadApp);
	try {
		listen(app.pool);
		const scans = await bench(app, client);
		console.log(scans.join('\n') || 'No sequential scan of a tenant table.');
		process.exitCode = scans.length > 0 ? 1 : 0;
	} finally {
		await app.close();
		await app.pool.end();
		await client.end();
	}
}

await main();
