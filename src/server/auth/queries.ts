import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { isLive, isSuspended } from '../live.ts';

type Credentials = {
	id: string | null;
	/** Which generation of marks makes a browser known there. */
	generation: number;
	passwordHash: string | null;
	verified: boolean;
	/** The password of a sign-up that waits for its click: this browser's, else the newest. */
	waitingHash: string | null;
};

/** What a sign-in needs to know, in one statement whoever is asked for, so that its time tells nothing. */
export async function findCredentials(db: Db, identifier: string, browserHash: string | null): Promise<Credentials> {
	const by = sql.ref(identifier.includes('@') ? 'email' : 'username');
	const { rows } = await sql<Credentials>`
		select account.id, coalesce(account.device_generation, 0) as generation, account.password_hash,
			account.email_verified_at is not null as verified, (
				select password_hash from sign_up where email = ${identifier}
				order by browser_hash = ${browserHash ?? ''} desc, created_at desc limit 1
			) as waiting_hash
		from (select) as anyone left join "user" as account on account.${by} = ${identifier} and account.erase_after is null`.execute(
		db
	);
	return rows[0]!;
}

/** Replaces a hash by a stronger one of the same password, unless the password was changed meanwhile. */
export const upgradeHash = (db: Db, userId: string, { from, to }: { from: string; to: string }) =>
	db.updateTable('user').where('id', '=', userId).where('passwordHash', '=', from).set({ passwordHash: to }).execute();

/**
 * Whether a person may sign in, with which password, and whether they never did; locked, so that sign-ins and changes
 * of the password take turns. Of an account older than `eventDays` nobody knows: what it did at first is forgotten.
 */
export const lockStanding = (db: Db, userId: string, eventDays: number) =>
	db
		.selectFrom('user')
		.where('id', '=', userId)
		.select(['email', 'deactivatedAt', 'eraseAfter', 'passwordHash', 'deviceGeneration as generation'])
		.select(isSuspended.as('isSuspended'))
		.select(
			sql<boolean>`created_at > now() - make_interval(secs => ${eventDays * 86_400}) and not exists (
				select from account_event where user_id = "user".id and action = 'session.started'
			)`.as('isFirst')
		)
		.forNoKeyUpdate()
		.executeTakeFirstOrThrow();

/** Lets a person be seen again, who had gone. */
export const reactivate = (db: Db, userId: string) =>
	db.updateTable('user').where('id', '=', userId).set({ deactivatedAt: null }).execute();

/** Sign-ins that were refused on a day, which is written like 2030-01-31. */
export type DayRefused = { day: string; refused: number };

export const addRefused = (db: Db, days: DayRefused[]) =>
	sql`
		insert into figure_day as present (day, refused)
		select * from unnest(${days.map(({ day }) => day)}::date[], ${days.map(({ refused }) => refused)}::bigint[])
		on conflict (day) do update set refused = present.refused + excluded.refused`.execute(db);

export type SessionRow = {
	id: string;
	userId: string;
	remembered: boolean;
	ip: string;
	device: string;
	expiresAt: Date;
};

/**
 * Begins a session, in the same statement ends the one it replaces, and of the person's others those that are over
 * and the least recently used until `most` are left, of which an operator's are none; `idle` is in seconds. Answers those that would have gone on.
 * The caller holds the person's lock, or two sign-ins would not count each other.
 */
export const startSession = (
	db: Db,
	{ id, userId, remembered, ip, device, expiresAt }: SessionRow,
	{ replaced, most, idle }: { replaced: string | null; most: number; idle: number }
) =>
	db
		.with('ended', (ended) => ended.deleteFrom('session').where('id', '=', replaced))
		.with('trimmed', (trimmed) =>
			trimmed
				.deleteFrom('session')
				.where('id', 'in', (others) =>
					others
						.selectFrom('session')
						.where('userId', '=', userId)
						.where('id', 'is distinct from', replaced)
						.where('impersonatorSessionId', 'is', null)
						.select('id')
						.orderBy(isLive(idle), 'desc')
						.orderBy('lastSeenAt', 'desc')
						.orderBy('createdAt', 'desc')
						.offset(most - 1)
				)
				.returning(['device', 'ip', isLive(idle).as('isLive')])
		)
		.with('started', (started) =>
			started.insertInto('session').values({ id, userId, remembered, ip, device, expiresAt })
		)
		.with('seen', (seen) =>
			seen
				.updateTable('user')
				.where('id', '=', userId)
				.set({ lastSeenAt: sql<Date>`now()` })
		)
		.selectFrom('trimmed')
		.where('isLive', '=', true)
		.select(['device', 'ip'])
		.execute();

/** Notes that the person behind a session has proven again who they are. */
export const proveSession = (db: Db, id: string) =>
	db
		.updateTable('session')
		.where('id', '=', id)
		.set({ provenAt: sql<Date>`now()` })
		.returning('provenAt')
		.executeTakeFirst();

/** Whether a session has not been ended. */
export const hasSession = async (db: Db, id: string): Promise<boolean> =>
	(await db.selectFrom('session').where('id', '=', id).select('id').executeTakeFirst()) !== undefined;

/** Ends one session; nothing when it had ended already. */
export const deleteSession = (db: Db, id: string) =>
	db.deleteFrom('session').where('id', '=', id).returning('userId').executeTakeFirst();

/** Ends a person's sessions, all of them or all but one. */
export const deleteSessions = (db: Db, userId: string, exceptId: string | null = null) =>
	db
		.deleteFrom('session')
		.where('userId', '=', userId)
		.$if(exceptId !== null, (query) => query.where('id', '!=', exceptId!))
		.execute();

/**
 * Gives a session a new id: what knew the old one opens nothing any more, nor what was lent to it. Whoever may ask for
 * that has proven who they are.
 */
export const renameSession = (db: Db, from: string, to: string) =>
	db
		.with('lent', (lent) => lent.deleteFrom('session').where('impersonatorSessionId', '=', from))
		.updateTable('session')
		.where('id', '=', from)
		.set({ id: to, provenAt: sql<Date>`now()` })
		.execute();

/** Whoever else takes from somebody that they can run the service waits until this transaction ends. */
export const lockOperators = (db: Db) =>
	sql`select pg_advisory_xact_lock(hashtextextended('operators', 0))`.execute(db);

/** Those who can run the service at this moment. */
export async function listOperators(db: Db): Promise<string[]> {
	const operators = await db
		.selectFrom('user')
		.where('sysAdmin', '=', true)
		.where('emailVerifiedAt', 'is not', null)
		.where('deactivatedAt', 'is', null)
		.where(sql<boolean>`not ${isSuspended}`)
		.select('id')
		.execute();
	return operators.map(({ id }) => id);
}
