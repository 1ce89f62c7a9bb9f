import { expect, test } from 'vitest';
import { as, deployment, ownServer, query } from '../tests/deployment.ts';
import type { Config } from '../src/config.ts';
import type { Finding } from '../src/rules/finding.ts';
import { examine } from './examine.ts';
import { migrate } from './migrate.ts';
import { seed } from './seed.ts';

const { emptyDatabase, newRole, asSuperuser, filledIn } = ownServer();

/** The SQL that a finding tells to run. */
const sqlOf = (finding: Finding | undefined) => filledIn(finding!.remedy.slice(finding!.remedy.indexOf(':\n') + 2));

const letMigrate = (url: string, role: string) =>
	query(
		asSuperuser(url),
		`grant all on database ${new URL(url).pathname.slice(1)} to ${role}; grant create on schema public to ${role}`
	);

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

test.for([
	'postgres',
	'pg_execute_server_program',
	'pg_read_server_files',
	'pg_write_server_files',
	'pg_write_all_data',
	'a team of it',
	'a role without row security'
])('a role that may become %s cannot any more', async (through) => {
	const url = await emptyDatabase();
	const way = { 'a team of it': 'in role postgres', 'a role without row security': 'bypassrls' }[through];
	const role = await newRole(`in role ${way ? await newRole(way) : through}`);
	await letMigrate(url, role);
	const [finding, ...others] = await examine(deployment(as(url, role)), true);
	expect([finding!.id, finding!.level, others]).toEqual(['database_role_member', 'fatal', []]);
	await query(asSuperuser(url), sqlOf(finding));
	expect(await examine(deployment(as(url, role)), true)).toEqual([]);
});

test('a role loses the rights that the app does not need, whoever gave them', async () => {
	const url = await emptyDatabase();
	const [giver, role] = [await newRole('createrole'), await newRole('createrole replication')];
	await query(asSuperuser(url), `grant pg_read_all_data to ${giver} with admin option`);
	await query(as(url, giver), `grant pg_read_all_data to ${role}`);
	await letMigrate(url, role);
	const [finding, ...others] = await examine(deployment(as(url, role)), true);
	expect([finding!.id, finding!.level, others]).toEqual(['database_role_rights', 'warning', []]);
	expect(finding!.message).toMatch(/createrole, replication, member of "pg_read_all_data"\.$/);
	await query(asSuperuser(url), sqlOf(finding));
	expect(await examine(deployment(as(url, role)), true)).toEqual([]);
});

test.for(['disable row level security', 'no force row level security'])(
	'a table that says "%s" stands behind its policies again',
	async (change) => {
		const url = await emptyDatabase();
		await migrate(url);
		await query(url, `alter table audit_log ${change}; alter table customer ${change}`);
		const [finding, ...others] = await examine(deployment(url), true);
		expect([finding!.id, finding!.level, others]).toEqual(['database_policies_off', 'fatal', []]);
		expect(finding!.message).toContain('audit_log, customer');
		await query(url, sqlOf(finding));
		expect(await examine(deployment(url), true)).toEqual([]);
	}
);

test('demo people are gone, and an organization that somebody real is in stays', async () => {
	const url = await emptyDatabase();
	await migrate(url);
	await seed({ APP_ENV: 'dev', DATABASE_URL: url } as Config);
	await query(url, `update "user" set email = 'sybil@real.example' where email like 'sybil%'`);
	await query(
		url,
		`with person as (insert into "user" (email, email_verified_at) values ('ada@lovelace.org', now()) returning id)
		insert into membership (org_id, user_id, role)
		select org.id, person.id, 'org_admin' from org, person where slug = 'globex'`
	);
	const [finding] = await examine(deployment(url), true);
	expect(finding!.id).toBe('demo_people_present');
	expect(finding!.message).toContain('sybil@real.example');
	await query(url, sqlOf(finding));
	expect(await examine(deployment(url), true)).toEqual([]);
	expect((await query(url, 'select slug from org')).rows).toEqual([{ slug: 'globex' }]);
	expect((await query(url, 'select email from "user"')).rows).toEqual([{ email: 'ada@lovelace.org' }]);
});
