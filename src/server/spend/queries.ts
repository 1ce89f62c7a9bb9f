import { sql } from 'kysely';
import { SETTINGS } from '#lib/settings.ts';
import type { Db } from '../db.ts';

type OrgSetting = keyof typeof SETTINGS.org;

const setting = (orgId: string, key: OrgSetting) => sql`coalesce(
	(select value from org_setting where org_id = ${orgId} and key = ${key}),
	${JSON.stringify(SETTINGS.org[key].default)}::jsonb
)`;

const isSwitchedOn = sql<boolean>`coalesce(
	(select value from system_setting where key = 'ai_overage_enabled'),
	${JSON.stringify(SETTINGS.system.ai_overage_enabled.default)}::jsonb
)::boolean`;

/** Tokens that a month may hold beyond allotment and credits: none unless the organisation and the system allow it. */
const overageLimit = (orgId: string) => sql`
	case when ${isSwitchedOn} and ${setting(orgId, 'overageEnabled')}::boolean
		then ${setting(orgId, 'overageTokensPerMonth')}::bigint else 0 end`;

/** Tokens that a model reads, and writes. */
export type Tokens = { input: number; output: number };

type By = { kind: 'user' | 'key' | 'system'; id: string | null };
type Wanted = { model: string; purpose: string; worst: Tokens; by: By };

/** Takes the worst case of a call from an organisation's tokens, in one statement; nothing where too few are left. */
export async function reserve(db: Db, orgId: string, { model, purpose, worst, by }: Wanted) {
	const { input, output } = worst;
	const { rows } = await sql<{ id: string | null }>`
		select reserve_spend(
			${orgId}, ${input + output}, token_cost(${model}, ${input}, ${output}), ${overageLimit(orgId)},
			${model}, ${purpose}, ${by.kind}, ${by.id}
		) as id`.execute(db);
	return rows[0]!.id;
}

/**
 * Ends a call at what it used, or without a figure at its worst case, and gives the rest back. Answers the tokens it
 * cost; nothing where it had ended already.
 */
export async function settle(db: Db, orgId: string, call: { id: string; model: string }, used: Tokens | null) {
	const figures = used
		? sql`${used.input + used.output}, token_cost(${call.model}, ${used.input}, ${used.output})`
		: sql`null, null`;
	const { rows } = await sql<{ tokens: string | null }>`
		select settle_spend(${orgId}, ${call.id}, ${figures}, 'settle') as tokens`.execute(db);
	return rows[0]!.tokens === null ? undefined : Number(rows[0]!.tokens);
}

/** Ends the calls that began longer than so many minutes ago at their worst case, whatever organisation they are of. */
export const settleAbandoned = (db: Db, minutes: number) =>
	sql`
		select settle_spend(org_id, id, null, null, 'abandon')
		from (
			select org_id, id from spend_reservation
			where at < now() - make_interval(mins => ${minutes}) order by org_id, id
		) as abandoned`.execute(db);

/** Locks what an organisation may spend, as of this moment. */
export const openSpend = (db: Db, orgId: string) => sql`select from open_spend(${orgId})`.execute(db);

export type Grant = { tokens: number; reason: string; reference: string | null; grantedBy: string };

/** Adds credits, once for a payment; answers how many there are then, and nothing where the payment was there already. */
export async function insertGrant(db: Db, orgId: string, grant: Grant): Promise<number | undefined> {
	const { rows } = await sql<{ credits: string }>`
		with granted as (
			insert into spend_ledger (org_id, period, kind, bucket, amount, actor_kind, actor_id, purpose, reference)
			select org_id, period, 'grant', 'credits', ${grant.tokens}::bigint, 'user', ${grant.grantedBy}::uuid,
				${grant.reason}, ${grant.reference}::text
			from spend_balance where org_id = ${orgId}
			on conflict (reference) where kind = 'grant' do nothing
			returning org_id, amount
		)
		update spend_balance set credits = credits + granted.amount from granted
		where spend_balance.org_id = granted.org_id
		returning credits`.execute(db);
	return rows[0] && Number(rows[0].credits);
}

/** What a payment was granted for, in this organisation, and the credits that are there. */
export const findGrant = (db: Db, orgId: string, reference: string) =>
	db
		.selectFrom('spendLedger')
		.innerJoin('spendBalance', 'spendBalance.orgId', 'spendLedger.orgId')
		.where('spendLedger.orgId', '=', orgId)
		.where('kind', '=', 'grant')
		.where('reference', '=', reference)
		.select(['amount', 'credits'])
		.executeTakeFirst();

/** Whether an organisation could allow overage, and does. */
export async function findOverage(db: Db, orgId: string) {
	const { rows } = await sql<{ isPossible: boolean; isEnabled: boolean }>`
		select ${isSwitchedOn} as is_possible, ${setting(orgId, 'overageEnabled')}::boolean as is_enabled`.execute(db);
	return rows[0]!;
}

type Spend = {
	from: Date;
	limit: string;
	used: string;
	left: string;
	credits: string;
	overage: string;
	enabled: boolean;
};

/**
 * What an organisation has spent in its present month, and may still, in tokens; -1 is as many as one
 * likes. A month that has begun, and a plan that has changed, count before anything of them is booked; what calls
 * under way have reserved counts as used.
 */
export async function findSpend(db: Db, orgId: string) {
	const { rows } = await sql<Spend>`
		with plan as (
			select id, coalesce((features ->> 'ai_tokens')::bigint, 0) as most, month_since(subscribed_at, now()) as month
			from org where id = ${orgId}
		), present as (
			select allotment, granted, overage, period from spend_balance join plan on org_id = id where period >= month
		)
		select most as limit, coalesce(granted - allotment, 0) as used,
			case when most < 0 then -1 else coalesce(allotment + greatest(most - granted, -allotment), most) end as left,
			coalesce((select credits from spend_balance where org_id = ${orgId}), 0) as credits,
			coalesce(-overage, 0) as overage, ${setting(orgId, 'overageEnabled')}::boolean as enabled
		from plan left join present on true`.execute(db);
	const { limit, used, left, credits, overage, enabled } = rows[0]!;
	return {
		limit: Number(limit),
		used: Number(used),
		allotmentLeft: Number(left),
		credits: Number(credits),
		overage: Number(overage),
		overageEnabled: enabled
	};
}
