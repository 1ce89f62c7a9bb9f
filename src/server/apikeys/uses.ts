import { sql } from 'kysely';
import type { Db } from '../db.ts';

type Leased = { granted: number; month: Date; endsAt: Date; wait: number; overPlan: boolean };

/**
 * Takes calls of a key's month, and of its organisation's, for one process to make; seconds until the month ends.
 * Nothing where the key is gone.
 */
export async function leaseCalls(db: Db, keyId: string, block: number): Promise<Leased | undefined> {
	const { rows } = await sql<Leased>`
		select granted, month, ends_at, wait, over_plan from lease_calls(${keyId}, ${block})`.execute(db);
	return rows[0];
}

/** Gives back what was taken in a month and not made. */
export const returnCalls = (db: Db, keyId: string, month: Date, calls: number) =>
	sql`select return_calls(${keyId}, ${month}, ${calls})`.execute(db);

/** Calls of a key that are kept one by one. */
export const CALLS_KEPT = 100;

export type KeyCall = { at: Date; procedure: string; ip: string; outcome: string };
export type KeyUse = { orgId: string; keyId: string; day: string; procedure: string; calls: number; refused: number };

type CallRow = KeyCall & { orgId: string; keyId: string };

/** Adds what keys did: to their days, to their last calls, and when and from where they were used last. */
export async function addKeyUses(db: Db, uses: KeyUse[], calls: CallRow[]): Promise<void> {
	const orgs = [...new Set(uses.map(({ orgId }) => orgId))];
	// A key that is gone meanwhile is passed over; one that is going waits until this is written.
	await sql`
		with held as materialized (
			select id from org where id = any(${orgs}::uuid[]) order by id for key share
		)
		insert into api_key_use as present (org_id, key_id, day, procedure, calls, refused)
		select org_id, key.id, day, procedure, calls, refused
		from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb)
			as used ("keyId" uuid, day date, procedure text, calls bigint, refused bigint)
		join api_key as key on key.id = "keyId"
		join held on held.id = org_id
		order by key.id, day, procedure
		on conflict (org_id, key_id, day, procedure)
			do update set calls = present.calls + excluded.calls, refused = present.refused + excluded.refused`.execute(db);
	await sql`
		with made as (
			insert into api_key_call (org_id, key_id, at, procedure, ip, outcome)
			select org_id, key.id, at, procedure, ip, outcome
			from jsonb_to_recordset(${JSON.stringify(calls)}::jsonb)
				as called ("keyId" uuid, at timestamptz, procedure text, ip text, outcome text)
			join api_key as key on key.id = "keyId"
			returning key_id, at, ip
		), latest as (
			select distinct on (key_id) key_id, at, ip from made order by key_id, at desc
		)
		update api_key set last_used_at = greatest(last_used_at, at), last_used_ip = latest.ip
		from latest where api_key.id = key_id`.execute(db);
	await sql`
		delete from api_key_call using (
			select org_id, id as key_id from api_key where id = any(${calls.map(({ keyId }) => keyId)}::uuid[])
		) as called, lateral (
			select kept.id from api_key_call as kept
			where kept.org_id = called.org_id and kept.key_id = called.key_id
			order by kept.at desc, kept.id desc offset ${CALLS_KEPT}
		) as past
		where api_key_call.id = past.id`.execute(db);
}

/** A key's calls by day and procedure, from one day to another, both included. */
export const listUses = (db: Db, orgId: string, keyId: string, { from, to }: { from: string; to: string }) =>
	db
		.selectFrom('apiKeyUse')
		.where('orgId', '=', orgId)
		.where('keyId', '=', keyId)
		.where('day', '>=', sql<Date>`${from}::date`)
		.where('day', '<=', sql<Date>`${to}::date`)
		.select([sql<string>`day::text`.as('day'), 'procedure', 'calls', 'refused'])
		.orderBy('day')
		.orderBy('procedure')
		.execute();

/** The last calls of a key, newest first. */
export const listCalls = (db: Db, orgId: string, keyId: string) =>
	db
		.selectFrom('apiKeyCall')
		.where('orgId', '=', orgId)
		.where('keyId', '=', keyId)
		.select(['at', 'procedure', 'ip', 'outcome'])
		.orderBy('at', 'desc')
		.orderBy('id', 'desc')
		.limit(CALLS_KEPT)
		.execute();
