import pg from 'pg';
import type { Config } from '../src/config.ts';
import { hashPassword } from '../src/server/auth/password.ts';
import { DEMO_CUSTOMER_COUNTS, DEMO_CUSTOMERS, DEMO_ORGS, DEMO_PASSWORD, DEMO_PEOPLE, DEMO_TODOS } from './demo.ts';
import { runProgram } from './environment.ts';

const INSERT_ORG = 'insert into org (slug, name, tier) values ($1, $2, $3) on conflict do nothing';

const INSERT_PERSON = `
	insert into "user" (id, email, first_name, last_name, password_hash, sys_admin, email_verified_at)
	values ($1, $2, $3, $4, $5, $6, now()) on conflict do nothing`;

const INSERT_MEMBERSHIP = `
	insert into membership (org_id, user_id, role)
	select org.id, person.id, $3 from org, "user" person where org.slug = $1 and person.email = $2
	on conflict do nothing`;

const INSERT_TODOS = `
	insert into todo (user_id, title, done, created_at)
	select person.id, title, n = $2, now() - make_interval(hours => n::int)
	from "user" person, unnest($3::text[]) with ordinality as todos (title, n)
	where person.email = $1 and not exists (select from todo where user_id = person.id)`;

// Row security shows and takes the customers of the organisation that the transaction is in.
const ENTER_ORG = "select set_config('app.org_id', id::text, true) from org where slug = $1";

const INSERT_CUSTOMERS = `
	insert into customer (org_id, name, email, phone, notes, created_at)
	select org.id, demo ->> 'name', demo ->> 'email', demo ->> 'phone', demo ->> 'notes',
		now() - make_interval(hours => 7 * n::int)
	from org, jsonb_array_elements($2) with ordinality as customers (demo, n)
	where org.slug = $1 and not exists (select from customer where org_id = org.id)`;

/** Ninety days of use, more on working days, the same for whoever looks. */
const INSERT_USE = `
	insert into usage_day (org_id, day, measure, actor_kind, actor_id, used)
	select org_id, at::date, 'calls', 'user', user_id,
		(case when extract(isodow from at) > 5 then 3 else 20 end) * (1 + (hashtext(user_id::text || at::date) & 15))
	from membership join org on org.id = org_id,
		generate_series(now() at time zone 'utc' - interval '89 days', now() at time zone 'utc', '1 day') as at
	where org.slug = $1
	on conflict do nothing`;

/**
 * Fills a development database with demo people and organisations; what is there already stays as it is.
 * @throws {Error} outside development, where a known password would be an open door
 */
export async function seed({ APP_ENV, DATABASE_URL }: Config): Promise<void> {
	if (APP_ENV !== 'dev') throw new Error('Demo data has known passwords: it is refused unless APP_ENV=dev.');
	const client = new pg.Client({ connectionString: DATABASE_URL });
	await client.connect();
	try {
		await client.query('begin');
		for (const { slug, name, tier } of DEMO_ORGS) await client.query(INSERT_ORG, [slug, name, tier]);
		const passwordHash = await hashPassword(DEMO_PASSWORD);
		for (const { id, name, email, role, org } of DEMO_PEOPLE) {
			const [first, last] = name.split(' ');
			const sysAdmin = role === 'sys_admin';
			await client.query(INSERT_PERSON, [id, email, first, last, passwordHash, sysAdmin]);
			await client.query(INSERT_MEMBERSHIP, [org, email, sysAdmin ? 'org_admin' : role]);
			await client.query(INSERT_TODOS, [email, DEMO_TODOS.length, DEMO_TODOS]);
		}
		for (const { slug } of DEMO_ORGS) {
			await client.query(ENTER_ORG, [slug]);
			const customers = DEMO_CUSTOMERS.slice(0, DEMO_CUSTOMER_COUNTS[slug]);
			await client.query(INSERT_CUSTOMERS, [slug, JSON.stringify(customers)]);
			await client.query(INSERT_USE, [slug]);
		}
		await client.query('commit');
	} finally {
		await client.end();
	}
}

if (import.meta.main) await runProgram(seed);
