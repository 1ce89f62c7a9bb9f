import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';
import type { Used } from '#lib/usage.ts';
import type { Db } from '../db.ts';

/** The first and the last of some days, each written like 2030-01-31. */
export type Days = { from: string; to: string };

/** Whose use it is. */
export type By = { kind: 'user' | 'key' | 'system'; id: string | null };

const MEASURED = sql`
	coalesce(sum(used) filter (where measure = 'calls'), 0)::float8 as calls,
	coalesce(sum(used) filter (where measure = 'customers'), 0)::float8 as customers,
	coalesce(sum(used) filter (where measure = 'ai_tokens'), 0)::float8 as ai_tokens`;

const within = ({ from, to }: Days) => sql`day between ${from}::date and ${to}::date`;

/** What was used on each of some days, by somebody or by all; a day without use is there, too. */
export async function listDays(db: Db, orgId: string, days: Days, by?: By) {
	const theirs = by ? sql`and actor_kind = ${by.kind} and actor_id = ${by.id}` : sql``;
	const { rows } = await sql<Used & { day: string }>`
		select to_char(each, 'YYYY-MM-DD') as day, coalesce(calls, 0) as calls, coalesce(customers, 0) as customers,
			coalesce(ai_tokens, 0) as ai_tokens
		from generate_series(${days.from}::date, ${days.to}::date, interval '1 day') as each
			left join (
				select day, ${MEASURED} from usage_day
				where org_id = ${orgId} and ${within(days)} ${theirs} group by day
			) as used on used.day = each
		order by each`.execute(db);
	return rows;
}

type Person = Omit<Parameters<typeof displayName>[0], 'email'> & { email: string | null };

/** Who left is called by their name alone: their present address is no business of the organisation's. */
const nameOf = ({ email, ...person }: Person) => displayName({ ...person, email: email ?? 'Former member' });

/** Those who used most of an organisation on some days, by the names they have today. */
export async function listTopUsers(db: Db, orgId: string, days: Days, limit: number) {
	type Row = Used & { kind: By['kind']; id: string | null; person: Person | null; key: string | null };
	const { rows } = await sql<Row>`
		select top.*, (
			select name from api_key where top.kind = 'key' and org_id = ${orgId} and api_key.id = top.id
		) as key, (
			select jsonb_build_object(
				'email', case when membership.user_id is not null then email end,
				'username', username, 'firstName', first_name, 'lastName', last_name
			)
			from "user" left join membership on membership.org_id = ${orgId} and membership.user_id = "user".id
			where top.kind = 'user' and "user".id = top.id and deactivated_at is null
		) as person
		from (
			select actor_kind as kind, actor_id as id, ${MEASURED} from usage_day
			where org_id = ${orgId} and ${within(days)} group by actor_kind, actor_id
		) as top
		order by calls desc, ai_tokens desc, customers desc, id limit ${limit}`.execute(db);
	return rows.map(({ kind, id, person, key, ...used }) => {
		const name = person ? nameOf(person) : (key ?? GONE[kind]);
		return { actor: { kind, id, name }, ...used };
	});
}

const GONE = { user: 'Deleted person', key: 'Deleted key', system: 'System' };

/** What was used on each of some days, in all organisations; for a transaction that sees them all. */
export async function listFleetDays(db: Db, days: Days) {
	const { rows } = await sql<Used & { day: string; orgs: number }>`
		select to_char(day, 'YYYY-MM-DD') as day, count(distinct org_id)::int as orgs, ${MEASURED}
		from usage_day where ${within(days)} group by day order by day`.execute(db);
	return rows;
}

/** The organisations that used most on some days; for a transaction that sees them all. */
export async function listTopOrgs(db: Db, days: Days, limit: number) {
	const { rows } = await sql<Used & { slug: string; name: string; tier: string }>`
		select org.slug, org.name, org.tier, calls, customers, ai_tokens
		from (select org_id, ${MEASURED} from usage_day where ${within(days)} group by org_id) as top
			join org on org.id = org_id
		order by calls desc, ai_tokens desc, customers desc, org.id limit ${limit}`.execute(db);
	return rows;
}
