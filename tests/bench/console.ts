import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { loadApp, type App } from './app.ts';
import { listen, record } from './statements.ts';
import { milliseconds, table } from './table.ts';

const PEOPLE = Number(process.argv[2] ?? 100_000);
const ROUNDS = 3;

/** Milliseconds of database time that any page of people may take. */
const AIM = 100;

const SEARCHES = ['', 'a', 'ada', 'person', 'person-1', 'last499', 'cafe', 'nobody'];
const FILTERS = [
	{},
	{ standing: 'active' },
	{ standing: 'suspended' },
	{ standing: 'suspended', verified: true },
	{ verified: false },
	{ sysAdmin: true },
	{ sysAdmin: false, verified: true }
] as const;
const ORDERS = (['createdAt', 'name', 'email', 'lastSeenAt'] as const).flatMap((sort) =>
	(['asc', 'desc'] as const).map((direction) => ({ sort, direction }))
);

async function seed(client: pg.Client): Promise<void> {
	await client.query("select set_config('bench.people', $1, false)", [PEOPLE]);
	await client.query(await readFile(new URL('console.sql', import.meta.url), 'utf8'));
	await client.query('vacuum analyze "user"');
}

/** The database time of first pages of the console's people, each the best of some rounds; the slowest first. */
async function measurePages({ makeUser }: App) {
	const { api } = await makeUser({ sysAdmin: true });
	const pages: { ms: number; cells: string[] }[] = [];
	for (const q of SEARCHES) {
		for (const filter of FILTERS) {
			for (const order of ORDERS) {
				const times: number[] = [];
				for (let round = 0; round < ROUNDS; round++) {
					const statements = await record(() => api.admin.users.list({ q, ...filter, ...order }));
					times.push(statements.reduce((sum, { ms }) => sum + ms, 0));
				}
				const cells = [`“${q}”`, JSON.stringify(filter), `${order.sort} ${order.direction}`];
				pages.push({ ms: Math.min(...times), cells });
			}
		}
	}
	return pages.sort((a, b) => b.ms - a.ms);
}

async function main(): Promise<void> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	const app = await seed(client).then(loadApp);
	try {
		listen(app.pool);
		const pages = await measurePages(app);
		console.log(`\nThe slowest of ${pages.length} first pages of ${PEOPLE} people; the aim is < ${AIM} ms\n`);
		console.log(table(pages.slice(0, 15).map(({ ms, cells }) => [milliseconds(ms).padStart(9), ...cells])));
	} finally {
		await app.close();
		await app.pool.end();
		await client.end();
	}
}

await main();
