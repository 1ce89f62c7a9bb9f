import type pg from 'pg';
import { createServer } from 'vite';
import type * as Access from '../../src/server/auth/access.ts';
import type * as Customers from '../../src/server/customers/queries.ts';
import type * as Database from '../../src/server/db.ts';
import type * as Router from '../../src/server/router.ts';
import type * as Fixtures from '../fixtures.ts';
import type * as Tenants from '../tenants.ts';

/** The app as development loads it, on the database of this run. */
export async function loadApp() {
	process.env.LOG_LEVEL = 'silent';
	process.env.RATE_LIMIT_FACTOR = '0';
	const server = { middlewareMode: true, ws: false, watch: null } as const;
	const vite = await createServer({ server, appType: 'custom', logLevel: 'error' });
	const load = <M>(path: string) => vite.ssrLoadModule(path) as Promise<M>;
	return {
		...(await load<typeof Fixtures>('/tests/fixtures.ts')),
		...(await load<typeof Tenants>('/tests/tenants.ts')),
		...(await load<typeof Router>('/src/server/router.ts')),
		...(await load<typeof Database>('/src/server/db.ts')),
		...(await load<typeof Access>('/src/server/auth/access.ts')),
		customers: await load<typeof Customers>('/src/server/customers/queries.ts'),
		close: () => vite.close()
	};
}
export type App = Awaited<ReturnType<typeof loadApp>>;

/** An admin of the largest organisation, and the ids of what the samples of calls ask for. */
export async function enterLargest({ makeTenant, makeUser, db }: App, client: pg.Client) {
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
export type Largest = Awaited<ReturnType<typeof enterLargest>>;
