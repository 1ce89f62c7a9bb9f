import { expect, test, vi } from 'vitest';
import { as, deployment, ownServer, query } from '../tests/deployment.ts';
import type { Config } from '../src/config.ts';
import type { Finding } from '../src/rules/finding.ts';
import { examine } from './examine.ts';
import { migrate } from './migrate.ts';
import { seed } from './seed.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const { emptyDatabase, newRole, asSuperuser, filledIn } = ownServer();

/** The SQL that a finding tells to run. */
const sqlOf = (finding: Finding | undefined) => filledIn(finding!.remedy.slice(finding!.remedy.indexOf(':\n') + 2));

test.for(['new', 'migrated'])(
	'the first superuser gets a role that owns the %s database and is bound',
	async (state) => {
		const url = await emptyDatabase('postgres');
		if (state === 'migrated') await migrate(asSuperuser(url));
		const [finding] = await examine(deployment(asSuperuser(url)), true);
		expect(finding!.id).toBe('database_role_superuser');
		const sql = sqlOf(finding);
		await query(asSuperuser(url), sql);

		const right = as(url, /create role (\w+)/.exec(sql)![1]!);
		expect(await examine(deployment(right), true)).toEqual([]);
		await migrate(right);
		await query(right, "select graphile_worker.add_job('anything')");
	}
);

test.for(['superuser', 'bypassrls'])('another role with %s loses it', async (right) => {
	const url = await emptyDatabase();
	const role = await newRole(right);
	const [finding] = await examine(deployment(as(url, role)), true);
	await query(asSuperuser(url), sqlOf(finding));
	expect(await examine(deployment(as(url, role)), true)).toEqual([]);
});

test('demo people are gone, and an organization that somebody real is in stays', async () => {
	const url = await emptyDatabase();
	await migrate(url);
	await seed({ APP_ENV: 'dev', DATABASE_URL: url } as Config);
	await query(
		url,
		`with person as (insert into "user" (email, email_verified_at) values ('ada@lovelace.org', now()) returning id)
		insert into membership (org_id, user_id, role)
		select org.id, person.id, 'org_admin' from org, person where slug = 'globex'`
	);
	const [finding] = await examine(deployment(url), true);
	expect(finding!.id).toBe('demo_people_present');
	await query(url, sqlOf(finding));
	expect(await examine(deployment(url), true)).toEqual([]);
	expect((await query(url, 'select slug from org')).rows).toEqual([{ slug: 'globex' }]);
	expect((await query(url, 'select email from "user"')).rows).toEqual([{ email: 'ada@lovelace.org' }]);
});
