import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db.ts';

/** Somebody whose data is looked for, and what leads to it. */
export type Person = {
	id: string;
	/** The addresses they have and had, and until when they had each. */
	emails: string[];
	untils: string[];
	/** What they are called, and their organisations that go with them. */
	names: string[];
	/** The organisations in which they are alone, and those that are gone in which nobody else did anything. */
	orgs: string[];
	/** The keys that they made. */
	keys: string[];
};

/** Locks a person's organisations, in one order and before the person: whoever joins or leaves one takes turns here. */
export const lockOrgsOf = (db: Db, userId: string) =>
	db
		.selectFrom('org')
		.where('id', 'in', (own) => own.selectFrom('membership').where('userId', '=', userId).select('orgId'))
		.select('id')
		.orderBy('id')
		.forNoKeyUpdate()
		.execute();

/** Those whose days to come back are over, the longest first. */
export const listDue = (db: Db, limit: number) =>
	db
		.selectFrom('user')
		.where('eraseAfter', '<=', sql<Date>`now()`)
		.select('id')
		.orderBy('eraseAfter')
		.limit(limit)
		.execute();

/** A person who is to be erased by now, locked; nothing when they came back, or another process was first. */
export const lockDue = (db: Db, userId: string) =>
	db
		.selectFrom('user')
		.where('id', '=', userId)
		.where('eraseAfter', '<=', sql<Date>`now()`)
		.select(['email', 'username'])
		.forUpdate()
		.executeTakeFirst();

/** What leads to a person's data, in a transaction that sees all organisations. Nothing when they are gone. */
export async function findPerson(db: Db, userId: string): Promise<Person | undefined> {
	const { rows } = await sql<Person>`
		select "user".id, emails, untils, orgs,
			array_remove(array[username, nullif(concat_ws(' ', first_name, last_name), '')], null) || alone.names as names,
			array(
				select api_key.id from api_key where maker_id = "user".id
				union select target_id from audit_log where actor_id = "user".id and action = 'key.created'
			) as keys
		from "user", lateral (
			select array_agg(email) as emails, array_agg(until::text) as untils
			from (
				select "user".email, 'infinity'::timestamptz as until
				union all select email, until from former_address where user_id = "user".id
			) as had
		) as addresses, lateral (
			select array_agg(org.id) filter (where org.id is not null) as ids,
				coalesce(array_agg(org.name) filter (where org.id is not null), '{}') as names
			from membership join org on org.id = org_id
			where user_id = "user".id and not exists (
				select from membership as other where other.org_id = org.id and other.user_id <> "user".id
			)
		) as alone, lateral (
			select coalesce(alone.ids, '{}') || array(
				select distinct org_id from audit_log as own
				where actor_id = "user".id and not exists (select from org where org.id = own.org_id) and not exists (
					select from audit_log as other
					where other.org_id = own.org_id and actor_kind = 'user' and other.actor_id <> "user".id
				)
			) as orgs
		) as gone
		where "user".id = ${userId}`.execute(db);
	return rows[0];
}

/**
 * Whoever was there longest takes over what an erased person would leave without an admin; who that is, and where. Those
 * who can come in come before others, and those who could change something before those who only looked.
 */
export async function promoteHeirs(db: Db, userId: string) {
	const { rows } = await sql<{ orgId: string; userId: string; role: string }>`
		with heir as (
			select distinct on (other.org_id) other.org_id, other.user_id, other.role
			from membership as mine join membership as other on other.org_id = mine.org_id and other.user_id <> mine.user_id
				join "user" on "user".id = other.user_id
			where mine.user_id = ${userId} and mine.role = 'org_admin' and not exists (
				select from membership as admin
				where admin.org_id = mine.org_id and admin.user_id <> mine.user_id and admin.role = 'org_admin'
			)
			order by other.org_id, deactivated_at is not null or is_suspended("user"), other.role = 'readonly',
				other.created_at, other.user_id
		)
		update membership set role = 'org_admin' from heir
		where membership.org_id = heir.org_id and membership.user_id = heir.user_id
		returning heir.org_id, heir.user_id, heir.role`.execute(db);
	return rows;
}

/** The organisations that a person belongs to. */
export const listOrgs = (db: Db, userId: string) =>
	db.selectFrom('membership').where('userId', '=', userId).select('orgId').orderBy('orgId').execute();

export const deleteRows = (db: Db, table: string, theirs: RawBuilder<boolean>) =>
	sql`delete from ${sql.table(table)} as t where ${theirs}`.execute(db);

export const changeRows = (db: Db, table: string, theirs: RawBuilder<boolean>, set: RawBuilder<unknown>) =>
	sql`update ${sql.table(table)} as t set ${set} where ${theirs}`.execute(db);

/** Leaves in an insert-only log nothing that tells of a person but their id; alone in its transaction. */
export const eraseFromLog = (db: Db, log: string, { id, keys, emails, untils, orgs }: Person) =>
	sql`select erase_from_log(
		${log}, ${[id, ...keys]}::uuid[], ${emails}::text[], ${untils}::timestamptz[], ${orgs}::uuid[]
	)`.execute(db);

export const insertErasure = (db: Db, userId: string, sealedTraces: Buffer) =>
	db
		.insertInto('erasure')
		.values({ userId, sealedTraces, begunAt: sql<Date>`clock_timestamp()` })
		.execute();

/** Erasures that a crash has cut off, or that another process is at. */
export const listUnfinished = (db: Db, limit: number) =>
	db.selectFrom('erasure').where('finishedAt', 'is', null).select('userId').orderBy('begunAt').limit(limit).execute();

export const findTraces = (db: Db, userId: string) =>
	db
		.selectFrom('erasure')
		.where('userId', '=', userId)
		.where('finishedAt', 'is', null)
		.select(['sealedTraces', sql<string>`begun_at::timestamptz(3)::text`.as('begunAt')])
		.executeTakeFirst();

/** Nothing when another process was first. */
export const finishErasure = (db: Db, userId: string) =>
	db
		.updateTable('erasure')
		.where('userId', '=', userId)
		.where('finishedAt', 'is', null)
		.set({ finishedAt: sql<Date>`now()`, sealedTraces: null })
		.returning('userId')
		.executeTakeFirst();
