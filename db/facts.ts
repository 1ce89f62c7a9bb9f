import { DEMO_PEOPLE } from './demo.ts';
import { connect } from './migrate.ts';

/** A role that another was given, and the SQL that takes it back. */
export type Way = { name: string; revoke: string };

/** What the database says about itself, and about the role that asks. */
type Answers = {
	role: string;
	superuser: boolean;
	bypasses: boolean;
	/** Through which it may become one that row security does not bind, or that reaches beyond the database. */
	ways: Way[];
	/** Through which it may read what is not the app's. */
	readingWays: Way[];
	createsRoles: boolean;
	replicates: boolean;
	/** Tables whose policies do not hold, or not for their owner. */
	openTables: string[];
	/** PostgreSQL was initialised with this role, which therefore stays a superuser. */
	bootstrap: boolean;
	/** A name that no role has yet. */
	freeName: string;
	database: string;
	mayCreate: boolean;
	/** A table of somebody else, which no migration of ours can change. */
	foreignTable: string | null;
	encrypted: boolean;
	connections: number;
	hasPeople: boolean;
};

export type Facts = Answers & { demoPeople: string[] };

/** Memberships of `role` that lead to some role. A superuser is a member of all. */
const waysTo = (goal: string) => `(
	select coalesce(json_agg(json_build_object('name', way.rolname, 'revoke', format('revoke %I from %I%s cascade;',
		way.rolname, role.rolname, ' granted by ' || quote_ident(giver.rolname))) order by way.rolname), '[]')
	from pg_auth_members join pg_roles way on way.oid = roleid left join pg_roles giver on giver.oid = grantor
	where member = role.oid and not role.rolsuper
		and exists (select from pg_roles goal where (${goal}) and pg_has_role(way.oid, goal.oid, 'member')))`;

const QUESTIONS = `
	select role.rolname as role, role.rolsuper as superuser, role.rolbypassrls as bypasses,
		${waysTo(`goal.rolsuper or goal.rolbypassrls or goal.rolname in
			('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_write_all_data')`)} as ways,
		${waysTo("goal.rolname = 'pg_read_all_data' and not way.rolsuper")} as "readingWays",
		role.rolcreaterole as "createsRoles", role.rolreplication as replicates,
		array(select oid::regclass::text from pg_class c where relnamespace = to_regnamespace(current_schema())
			and not (relrowsecurity and relforcerowsecurity)
			and exists (select from pg_policy where polrelid = c.oid) order by 1) as "openTables",
		role.oid = 10 as bootstrap, current_database() as database,
		(select name from generate_series(1, 1000) n, concat('gatehouse', '_' || nullif(n, 1)) name
			where not exists (select from pg_roles where rolname = name) order by n limit 1) as "freeName",
		coalesce(has_schema_privilege(current_schema(), 'create'), false)
			and has_database_privilege(current_database(), 'create') as "mayCreate",
		(select relname from pg_class where relnamespace = to_regnamespace(current_schema()) and relkind in ('r', 'p')
			and not pg_has_role(relowner, 'usage') order by relname limit 1) as "foreignTable",
		coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections,
		coalesce(has_table_privilege(to_regclass('"user"'), 'select'), false) as "hasPeople"
	from pg_roles role where rolname in (session_user, current_user)
	order by rolsuper desc, rolbypassrls desc, rolname = session_user desc limit 1`;

export const DEMO_EMAILS = DEMO_PEOPLE.map(({ email }) => email);
export const DEMO_IDS = DEMO_PEOPLE.map(({ id }) => id);
const DEMO = 'select email from "user" where email = any($1) or id = any($2) order by email';

/**
 * Asks the database, and changes nothing.
 * @throws {Error} when it cannot be reached
 */
export async function gatherFacts(url: string): Promise<Facts> {
	const client = await connect(url);
	try {
		const { rows } = await client.query<Answers>(QUESTIONS);
		const answers = rows[0]!;
		if (!answers.hasPeople) return { ...answers, demoPeople: [] };
		const people = await client.query<{ email: string }>(DEMO, [DEMO_EMAILS, DEMO_IDS]);
		return { ...answers, demoPeople: people.rows.map(({ email }) => email) };
	} finally {
		await client.end();
	}
}
