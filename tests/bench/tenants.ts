import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { createServer } from 'vite';
import { countScans, explain, isQuery, listen, record, type Statement } from './statements.ts';
import { median, milliseconds, table } from './table.ts';

const CUSTOMERS = Number(process.argv[2] ?? 1_000_000);

/** Milliseconds of database time that any page of customers may take. */
const AIM = 50;

const ROUNDS = 5;

/** Narrow and broad ones, several words, what only some of the order holds, and what nobody has. */
const SEARCHES = [
	'',
	'a',
	'm',
	'z',
	'ma',
	'maria',
	'lovelace',
	'maria s',
	'grace hopper',
	'o brien',
	'alpha',
	'beta.ex',
	'beta maria'
].concat(['example', 'info@zebra', 'zebra 1', '7', '77', 'customer', 'ada.lovelace', 'smith beta example m']);

const ORDERS = (['name', 'email', 'createdAt'] as const).flatMap((sort) =>
	(['asc', 'desc'] as const).map((direction) => ({ sort, direction }))
);
const COLUMNS = { name: 'search', email: 'email', createdAt: 'created_at' };
const DEPTHS = { first: null, middle: 0.5, last: 0.9999 };

async function seed(client: pg.Client): Promise<void> {
	const start = performance.now();
	await client.query("select set_config('bench.customers', $1, false)", [CUSTOMERS]);
	await client.query(await readFile(new URL('tenants.sql', import.meta.url), 'utf8'));
	await client.query('vacuum analyze');
	console.log(`${CUSTOMERS} customers seeded in ${Math.round((performance.now() - start) / 1000)} s.`);
}

/** The app as development loads it, on the database of this run. */
async function loadApp() {
	process.env.LOG_LEVEL = 'silent';
	const server = { middlewareMode: true, ws: false, watch: null } as const;
	const vite = await createServer({ server, appType: 'custom', logLevel: 'error' });
	const load = <M>(path: string) => vite.ssrLoadModule(path) as Promise<M>;
	return {
		...(await load<typeof import('../fixtures.ts')>('/tests/fixtures.ts')),
		...(await load<typeof import('../tenants.ts')>('/tests/tenants.ts')),
		...(await load<typeof import('../../src/server/router.ts')>('/src/server/router.ts')),
		...(await load<typeof import('../../src/server/db.ts')>('/src/server/db.ts')),
		...(await load<typeof import('../../src/server/auth/access.ts')>('/src/server/auth/access.ts')),
		customers: await load<typeof import('../../src/server/customers/queries.ts')>('/src/server/customers/queries.ts'),
		close: () => vite.close()
	};
}
type App = Awaited<ReturnType<typeof loadApp>>;

/** An admin of the largest organisation, and the ids of what the samples of calls ask for. */
async function enterLargest({ makeTenant, makeUser, db }: App, client: pg.Client) {
	const org = await db.selectFrom('org').where('slug', '=', 'large').select('id').executeTakeFirstOrThrow();
	const admin = await makeUser();
	await db.insertInto('membership').values({ orgId: org.id, userId: admin.id, role: 'org_admin' }).execute();
	const one = async (from: string) =>
		(await client.query<{ id: string }>(`${from} where org_id = $1 limit 1`, [org.id])).rows[0]!.id;
	const ids = {
		...(await makeTenant()),
		...{ word: 'maria', slug: 'large', adminId: admin.id },
		memberId: await one('select user_id as id from membership'),
		invitationId: await one('select id from invitation'),
		customerId: await one('select id from customer')
	};
	return { orgId: org.id, admin, ids };
}
type Largest = Awaited<ReturnType<typeof enterLargest>>;

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
					if (!isQuery(statement) || seen.has(path + statement.text)) continue;
					seen.add(path + statement.text);
					found.push({ path, orgId: type === 'query' ? orgId : of.id, statement });
				}
			}
		}
	}
	return found;
}

/** Prints how each statement is gone about; answers those that read a tenant's table from end to end. */
async function printPlans(app: App, largest: Largest, client: pg.Client, tables: string[]): Promise<string[]> {
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

/** The database time of pages of the largest organisation's customers, the slowest first. */
async function measurePages({ admin, orgId }: Largest, client: pg.Client) {
	const pages: { ms: number; cells: string[] }[] = [];
	for (const order of ORDERS) {
		for (const [depth, share] of Object.entries(DEPTHS)) {
			const cursor = share === null ? undefined : await cursorAt(client, orgId, order, share);
			for (const q of SEARCHES) {
				const input = { org: 'large', q, ...order, cursor };
				const times: number[] = [];
				for (let round = 0; round < ROUNDS; round++) {
					const statements = await record(() => admin.api.customers.list(input));
					times.push(statements.reduce((sum, { ms }) => sum + ms, 0));
				}
				const { items } = await admin.api.customers.list(input);
				const cells = [`“${q}”`, `${order.sort} ${order.direction}`, depth, `${items.length} rows`];
				pages.push({ ms: median(times), cells });
			}
		}
	}
	return pages.sort((a, b) => b.ms - a.ms);
}

async function cursorAt(
	client: pg.Client,
	orgId: string,
	order: (typeof ORDERS)[number],
	share: number
): Promise<string> {
	const { rows } = await client.query<{ key: string | Date; id: string }>(
		`select ${COLUMNS[order.sort]} as key, id from customer where org_id = $1
		order by 1 ${order.direction}, 2 ${order.direction} offset $2 limit 1`,
		[orgId, Math.floor((CUSTOMERS / 2) * share) - 1]
	);
	return Buffer.from(JSON.stringify([rows[0]!.key, rows[0]!.id])).toString('base64url');
}

/** How much longer a page takes through the door than the same statement alone, and both in milliseconds. */
async function measureEntering({ inOrg, db, customers }: App, { admin, orgId }: Largest) {
	const actor = await admin.actor();
	const range = { sort: 'name', direction: 'asc', after: undefined, limit: 26 } as const;
	const time = async (work: () => Promise<unknown>) => {
		const start = performance.now();
		for (let nth = 0; nth < 200; nth++) await work();
		return (performance.now() - start) / 200;
	};
	const rounds = await db.connection().execute(async (bare) => {
		await bare
			.selectNoFrom((set) => set.fn('set_config', [set.val('app.org_id'), set.val(orgId), set.lit(false)]).as('org'))
			.execute();
		const rounds: { inside: number; alone: number }[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const alone = await time(() => customers.listCustomers(bare, orgId, range));
			const inside = await time(() =>
				inOrg(actor, 'large', 'customers.read', 'read only', ({ tx, org }) =>
					customers.listCustomers(tx, org.id, range)
				)
			);
			rounds.push({ inside, alone });
		}
		return rounds;
	});
	return {
		ratio: median(rounds.map(({ inside, alone }) => inside / alone)),
		inside: median(rounds.map(({ inside }) => inside)),
		alone: median(rounds.map(({ alone }) => alone))
	};
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
		listen();
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
