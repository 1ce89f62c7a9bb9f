import { sql } from 'kysely';

/** Whether the person whom a query calls "user" is suspended at this moment. */
export const isSuspended = sql<boolean>`is_suspended("user")`;

/**
 * That a session is not over yet, by its whole life or by idle time, as text: `session` is what the table is called in
 * the statement, and `idle` what stands there for the seconds, of which 0 end none.
 */
export const liveWhere = (session: string, idle: string) =>
	`(${session}.expires_at > now() and (${session}.remembered or ${idle} = 0
		or ${session}.last_seen_at > now() - make_interval(secs => ${idle})))`;

/** The same in a query; `idle` is in seconds. */
export const isLive = (idle: number) => sql.raw<boolean>(liveWhere('session', String(idle)));
