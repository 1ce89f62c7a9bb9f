import type pg from 'pg';
import type { App, Largest } from './app.ts';
import { record } from './statements.ts';
import { median } from './table.ts';

const ROUNDS = 5;

/** Narrow and broad ones, several words, what only some of the order holds, and what nobody has. */
const SEARCHES = (
	'|a|m|z|ma|maria|lovelace|maria s|grace hopper|o brien|alpha|beta.ex|beta maria|example|info@zebra|zebra 1|7|77|' +
	'customer|ada.lovelace|smith beta example m'
).split('|');

const ORDERS = (['name', 'email', 'createdAt'] as const).flatMap((sort) =>
	(['asc', 'desc'] as const).map((direction) => ({ sort, direction }))
);
type Order = (typeof ORDERS)[number];
const COLUMNS = { name: 'search', email: 'email', createdAt: 'created_at' };
const DEPTHS = { first: null, middle: 0.5, last: 0.9999 };

/** The database time of pages of the largest organisation's customers, each the best of some rounds; the slowest first. */
export async function measurePages({ admin, orgId }: Largest, client: pg.Client) {
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
				pages.push({ ms: Math.min(...times), cells });
			}
		}
	}
	return pages.sort((a, b) => b.ms - a.ms);
}

/** The cursor of a page that begins after so great a share of an organisation's customers. */
async function cursorAt(client: pg.Client, orgId: string, { sort, direction }: Order, share: number): Promise<string> {
	const { rows } = await client.query<{ key: string | Date; id: string }>(
		`select ${COLUMNS[sort]} as key, id from customer where org_id = $1 order by 1 ${direction}, 2 ${direction}
		offset (select floor(count(*) * $2::float) - 1 from customer where org_id = $1) limit 1`,
		[orgId, share]
	);
	return Buffer.from(JSON.stringify([rows[0]!.key, rows[0]!.id])).toString('base64url');
}

/** How much longer a page takes through the door than the same statement alone, and both in milliseconds. */
export async function measureEntering({ inOrg, db, customers }: App, { admin, orgId }: Largest) {
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
