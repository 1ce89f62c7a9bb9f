import { sql, type RawBuilder } from 'kysely';
import type { ProviderId } from '#lib/oauth.ts';
import type { Db } from '../db.ts';
import { isLive, isSuspended } from '../live.ts';

export type Intent = 'sign_in' | 'link' | 'prove';

export type NewFlow = {
	stateHash: string;
	browserHash: string;
	provider: ProviderId;
	intent: Intent;
	verifier: string;
	nonce: string;
	redirectTo: string;
	beganIn: string | null;
};

export const insertFlow = (db: Db, flow: NewFlow) =>
	db
		.insertInto('oauthFlow')
		.values({
			stateHash: flow.stateHash,
			browserHash: flow.browserHash,
			provider: flow.provider,
			intent: flow.intent,
			verifier: flow.verifier,
			nonce: flow.nonce,
			redirectTo: flow.redirectTo,
			beganIn: flow.beganIn
		})
		.execute();

const FLOW = [
	'stateHash',
	'browserHash',
	'provider',
	'intent',
	'verifier',
	'nonce',
	'redirectTo',
	'beganIn',
	'createdAt'
] as const;

/** Uses a flow up; of many callbacks at once one gets it. */
export const takeFlow = (db: Db, flow: { stateHash: string; browserHash: string; provider: ProviderId }) =>
	db
		.updateTable('oauthFlow')
		.where('stateHash', '=', flow.stateHash)
		.where('browserHash', '=', flow.browserHash)
		.where('provider', '=', flow.provider)
		.where('usedAt', 'is', null)
		.where('expiresAt', '>', sql<Date>`now()`)
		.set({ usedAt: sql<Date>`now()` })
		.returning(FLOW)
		.executeTakeFirst();

/**
 * A flow that was used already, with its end where it has one. `fresh` is within ten seconds of that, or as long as
 * the calls outward may take; `lives` is the session that it ended in. `idle` is in seconds.
 */
export const findUsedFlow = (db: Db, stateHash: string, provider: ProviderId, idle: number) =>
	db
		.selectFrom('oauthFlow')
		.where('stateHash', '=', stateHash)
		.where('provider', '=', provider)
		.where('usedAt', 'is not', null)
		.select(['browserHash', 'redirectTo', 'finishedAt', 'error', 'sessionId', 'sealedSession'])
		.select(
			sql<boolean>`coalesce(finished_at, used_at + interval '20 seconds') > now() - interval '10 seconds'`.as('fresh')
		)
		.select(sql<boolean>`exists (select from session where id = session_id and ${isLive(idle)})`.as('lives'))
		.executeTakeFirst();

export type FlowEnd = { error?: string; sessionId?: string | null; sealedSession?: Buffer };

export const finishFlow = (db: Db, stateHash: string, { error, sessionId, sealedSession }: FlowEnd) =>
	db
		.updateTable('oauthFlow')
		.where('stateHash', '=', stateHash)
		.set({ finishedAt: sql<Date>`now()`, error, sessionId, sealedSession })
		.execute();

/** Moves what a browser began, or ended, in a session to that session's new id; the old token is nobody's any more. */
export const moveFlows = (db: Db, browserHashes: string[], from: string, to: string) =>
	db
		.updateTable('oauthFlow')
		.where(sql<boolean>`browser_hash = any(${browserHashes}::text[])`)
		.where((flow) => flow.or([flow('beganIn', '=', from), flow('sessionId', '=', from)]))
		.set({
			beganIn: sql<string | null>`case began_in when ${from} then ${to} else began_in end`,
			sessionId: sql<string | null>`case session_id when ${from} then ${to} else session_id end`,
			sealedSession: sql<Buffer | null>`case when session_id is distinct from ${from} then sealed_session end`
		})
		.execute();

export type Waiting = { subject: string; email: string };

/** Keeps an identity with its flow until the owner of its address says whether to connect it. */
export const keepIdentity = (db: Db, stateHash: string, { subject, email }: Waiting) =>
	db.updateTable('oauthFlow').where('stateHash', '=', stateHash).set({ subject, email }).execute();

/** What a browser has under way, by its flow cookies, that waits for the owner of an address. */
const waitingFor = (db: Db, browserHashes: string[], email: string) =>
	db
		.selectFrom('oauthFlow')
		.where(sql<boolean>`browser_hash = any(${browserHashes}::text[])`)
		.where('email', '=', email)
		.where('subject', 'is not', null)
		.where('expiresAt', '>', sql<Date>`now()`);

/** The identities that came back to a browser whose address is that of a person, one of each provider. */
export const listWaiting = (db: Db, browserHashes: string[], email: string) =>
	waitingFor(db, browserHashes, email)
		.distinctOn('provider')
		.select(['provider', 'email'])
		.orderBy('provider')
		.execute();

/** Takes a waiting identity, the newest of its provider; of many at once one gets it. */
export const takeWaiting = (db: Db, browserHashes: string[], email: string, provider: ProviderId) =>
	db
		.updateTable('oauthFlow')
		.from(
			waitingFor(db, browserHashes, email)
				.where('provider', '=', provider)
				.select(['stateHash', 'subject', 'email'])
				.orderBy('createdAt', 'desc')
				.limit(1)
				.forUpdate()
				.as('waiting')
		)
		.whereRef('oauthFlow.stateHash', '=', 'waiting.stateHash')
		.set({ subject: null, email: null })
		.returning(['waiting.subject', 'waiting.email'])
		.executeTakeFirst();

/** The live session that a flow began in, and its person; `idle` is in seconds. */
export const findLiveSession = (db: Db, id: string, idle: number) =>
	db
		.selectFrom('session')
		.innerJoin('user', 'user.id', 'session.userId')
		.where('session.id', '=', id)
		.where(isLive(idle))
		.where('session.impersonatorSessionId', 'is', null)
		.where(sql<boolean>`not ${isSuspended}`)
		.select(['user.id as userId', 'user.email'])
		.executeTakeFirst();

/** Rows that one statement forgets at the most: a short lock, however much there is. */
const BATCH = 1000;

const some = (db: Db, past: RawBuilder<boolean>) =>
	db.selectFrom('oauthFlow').where(past).select('stateHash').limit(BATCH).forUpdate().skipLocked();

/** Forgets the sealed tokens of flows that finished a minute ago; a doubled callback comes within seconds. */
export const forgetSessions = (db: Db) =>
	db
		.updateTable('oauthFlow')
		.where('stateHash', 'in', () =>
			some(db, sql`sealed_session is not null and finished_at < now() - interval '1 minute'`)
		)
		.set({ sealedSession: null })
		.executeTakeFirst();

/** Forgets identities that nobody connected in time. */
export const forgetIdentities = (db: Db) =>
	db
		.updateTable('oauthFlow')
		.where('stateHash', 'in', () => some(db, sql`subject is not null and expires_at < now()`))
		.set({ subject: null, email: null })
		.executeTakeFirst();

/** Deletes what expired a day ago; until then a used callback still leads onward. */
export const deleteFlows = (db: Db) =>
	db
		.deleteFrom('oauthFlow')
		.where('stateHash', 'in', () => some(db, sql`expires_at < now() - interval '1 day'`))
		.executeTakeFirst();
