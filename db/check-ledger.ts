import pg from 'pg';
import type { Config } from '../src/config.ts';
import { runProgram } from './environment.ts';

/** A balance that is not the sum of its movements, or a call whose movements are not what it holds. */
export type Difference = { org: string; what: string; stored: string; sum: string };

// One statement sees one moment, however much is spent meanwhile.
const COMPARE = `
	with movement as (
		select org_id, bucket, reference, kind, sum(amount) as amount, period
		from spend_ledger group by org_id, bucket, reference, kind, period
	), balance as (
		select org_id, bucket, stored, period from spend_balance,
			lateral (values ('allotment', allotment), ('credits', credits), ('overage', overage)) as b (bucket, stored)
	), call as (
		select org_id, id::text as reference, -(allotment + credits + overage) as stored from spend_reservation
	)
	select balance.org_id as org, balance.bucket as what, stored, coalesce(sum(amount), 0) as sum
	from balance left join movement on movement.org_id = balance.org_id and movement.bucket = balance.bucket
		and (balance.bucket = 'credits' or movement.period = balance.period)
	group by balance.org_id, balance.bucket, stored
	having stored <> coalesce(sum(amount), 0)
	union all
	select org.id, 'no balance', 0, sum(amount)
	from movement join org on org.id = movement.org_id left join spend_balance on spend_balance.org_id = org.id
	where spend_balance.org_id is null group by org.id
	union all
	select call.org_id, 'call ' || call.reference, stored, coalesce(sum(amount), 0)
	from call left join movement on movement.org_id = call.org_id and movement.reference = call.reference
	group by call.org_id, call.reference, stored
	having stored <> coalesce(sum(amount), 0)
	union all
	select org_id, 'call ' || reference || ' gave back more than it took', 0, sum(amount)
	from movement where kind in ('reserve', 'settle', 'abandon')
	group by org_id, reference having sum(amount) > 0
	order by org, what`;

/** Compares what every organisation may still spend with the sums of the ledger. */
export async function findDifferences(client: pg.ClientBase): Promise<Difference[]> {
	await client.query("begin read only; set local app.scope = 'system'");
	try {
		return (await client.query<Difference>(COMPARE)).rows;
	} finally {
		await client.query('rollback');
	}
}

/** Fails with a line for all that differs. */
async function checkLedger({ DATABASE_URL }: Config): Promise<void> {
	const client = new pg.Client({ connectionString: DATABASE_URL });
	await client.connect();
	const differences = await findDifferences(client).finally(() => client.end());
	const lines = differences.map(({ org, what, stored, sum }) => `  ${org}: ${what}: ${stored}, by the ledger ${sum}`);
	if (lines.length > 0) throw new Error(`The ledger and the balances differ:\n${lines.join('\n')}`);
	console.log('Every balance is the sum of its movements.');
}

if (import.meta.main) await runProgram(checkLedger);
