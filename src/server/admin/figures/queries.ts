import { sql } from 'kysely';
import type { Figures } from '#lib/figures.ts';
import type { Db } from '../../db.ts';

/** The first and the last of some days, each written like 2030-01-31, in UTC. */
type Days = { from: string; to: string };

/**
 * What happened on each of some days; one on which nothing did is there, too. Who was active did something to their
 * account or in an organisation, or looked at one. For a transaction that sees the rows of all organisations.
 */
export async function listFigures(db: Db, { from, to }: Days) {
	const { rows } = await sql<Figures & { day: string }>`
		with events as materialized (
			select (at at time zone 'utc')::date as day, user_id, count(*) filter (where action = 'account.created') as sign_ups,
				count(*) filter (where action = 'session.started') as sign_ins
			from account_event
			where at >= ${from}::timestamp at time zone 'utc' and at < (${to}::date + 1)::timestamp at time zone 'utc'
			group by 1, 2
		), uses as materialized (
			select day, org_id, case when actor_kind = 'user' then actor_id end as user_id from usage_day
			where day between ${from}::date and ${to}::date
		), accounts as (
			select day, sum(sign_ups) as sign_ups, sum(sign_ins) as sign_ins from events group by day
		), people as (
			select day, count(user_id) as active_people
			from (select day, user_id from events union select day, user_id from uses) as active group by day
		), orgs as (
			select day, count(distinct org_id) as active_orgs from uses group by day
		)
		select to_char(each, 'YYYY-MM-DD') as day, coalesce(sign_ups, 0)::int as sign_ups,
			coalesce(sign_ins, 0)::int as sign_ins, coalesce(refused, 0)::float8 as failures,
			coalesce(active_people, 0)::int as active_people, coalesce(active_orgs, 0)::int as active_orgs
		from generate_series(${from}::timestamp, ${to}::timestamp, interval '1 day') as each
			left join accounts on accounts.day = each
			left join figure_day on figure_day.day = each
			left join people on people.day = each
			left join orgs on orgs.day = each
		order by each`.execute(db);
	return rows;
}
