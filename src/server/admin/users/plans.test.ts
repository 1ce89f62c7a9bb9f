import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { STANDINGS } from '#lib/standing.ts';
import { migrate } from '../../../../db/migrate.ts';
import { createDatabase, dropDatabase } from '../../../../tests/e2e/database.ts';
import type { Db } from '../../db.ts';
import type { DB } from '../../schema.ts';
import { countPeople, DIRECTIONS, selectPeople, SORTS, type PersonFilter, type Place, type Sort } from './search.ts';

const PEOPLE = 100_000;

/** A database of its own: so many people would slow down every other test. */
async function crowdedDatabase() {
	const url = await createDatabase();
	await migrate(url);
	const pool = new pg.Pool({ connectionString: url });
	onTestFinished(() => pool.end().then(() => dropDatabase(url)));
	await pool.query(`
		insert into "user" (email, username, first_name, last_name, created_at, last_seen_at, email_verified_at,
			suspended_at, deactivated_at, sys_admin)
		select 'person-' || n || '@example.com', case when n % 3 = 0 then 'user' || n end,
			(array['Ada', 'Bob', 'Cleo', 'Dora', 'Émile', 'Fatima'])[1 + n % 6], 'Last' || n % 5000,
			now() - n * interval '1 minute', case when n % 5 > 0 then now() - n * 7 % 100003 * interval '1 second' end,
			case when n % 50 > 0 then now() end, case when n % 200 = 1 then now() end,
			case when n % 333 = 0 then now() end, n % 20000 = 0
		from generate_series(1, ${PEOPLE}) n`);
	await pool.query('vacuum analyze "user"');
	return new Kysely<DB>({
		dialect: new PostgresDialect({ pool }),
		plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
	});
}

type Node = { 'Node Type': string; 'Actual Rows': number; 'Actual Loops': number; Plans?: Node[] };

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

async function planOf(db: Db, statement: ReturnType<typeof selectPeople>): Promise<Node[]> {
	const [plan] = await statement.explain<{ 'QUERY PLAN': [{ Plan: Node }] }>(
		'json',
		sql`analyze, timing off, costs off`
	);
	return nodesOf(plan!['QUERY PLAN'][0].Plan);
}

/** Rows that are sorted at the most, for a page of whatever list. */
const SORTED = 25_000;

const anyOf = <T>(...values: T[]) => [undefined, ...values];

/** What begins the name of a sixth, the address of a ninth, the last name of a few, and an id. */
const TYPED = ['ada', 'person-1', 'last499', 'cafe12'];

const filters = TYPED.concat('').flatMap((q) =>
	anyOf(...STANDINGS).flatMap((standing) =>
		anyOf(true, false).flatMap((verified) =>
			anyOf(true, false).map((sysAdmin): PersonFilter => ({ q, standing, verified, sysAdmin }))
		)
	)
);

const MIDDLE: Record<Sort, Place[0]> = {
	createdAt: new Date(Date.now() - (PEOPLE / 2) * 60_000),
	name: 'cleo',
	email: 'person-5',
	lastSeenAt: null
};

test('no page of 100,000 people reads or sorts them all', { timeout: 180_000 }, async () => {
	const db = await crowdedDatabase();
	const bad: string[] = [];
	for (const filter of filters) {
		const found = await countPeople(db, filter);
		for (const sort of SORTS) {
			for (const direction of DIRECTIONS) {
				const after: Place = [MIDDLE[sort], '80000000-0000-4000-8000-000000000000'];
				for (const range of anyOf(after).map((after) => ({ sort, direction, after, limit: 26 }))) {
					const nodes = await planOf(db, selectPeople(db, filter, range, found));
					const reads = nodes.some((node) => node['Node Type'] === 'Seq Scan');
					const sorts = nodes.some((node) => node['Node Type'].includes('Sort') && sortedBy(node) > SORTED);
					if (reads || sorts) bad.push(JSON.stringify([filter, range]));
				}
			}
		}
	}
	expect(bad).toEqual([]);
});

const sortedBy = ({ Plans = [] }: Node) => Math.max(...Plans.map((node) => node['Actual Rows'] * node['Actual Loops']));
