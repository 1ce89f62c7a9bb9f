import { sql } from 'kysely';
import type { Features } from '#lib/plans.ts';
import type { Db } from '../../db.ts';

export type Tier = { key: string; title: string; features: Features; limits: Record<string, number> };
type Listed = Tier & { position: number; orgs: number; outdated: number };

/** Every tier, the least first; how many organisations are on it, and how many of them hold an earlier copy. */
export async function listTiers(db: Db): Promise<Listed[]> {
	const { rows } = await sql<Listed>`
		select tier.key, tier.title, tier.position, tier.features, tier.limits, count(org.id)::int as orgs,
			count(org.id) filter (where (org.features, org.limits) is distinct from (tier.features, tier.limits))::int
				as outdated
		from tier left join org on org.tier = tier.key
		group by tier.key order by tier.position`.execute(db);
	return rows;
}

/** A tier as it is before it changes, locked, so that of two changes each knows what was there. */
export const lockTier = (db: Db, key: string) =>
	db
		.selectFrom('tier')
		.where('key', '=', key)
		.select(['key', 'title', sql<Features>`features`.as('features')])
		.select(sql<Tier['limits']>`limits`.as('limits'))
		.forUpdate()
		.executeTakeFirst();

export const updateTier = (db: Db, { key, title, features, limits }: Tier) =>
	db
		.updateTable('tier')
		.where('key', '=', key)
		.set({ title, features: JSON.stringify(features), limits: JSON.stringify(limits) })
		.execute();
