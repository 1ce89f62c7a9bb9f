import { sql } from 'kysely';

/** That a session is not over yet, by its whole life or by idle time; `idle` is in seconds, 0 ends none. */
export const isLive = (idle: number) =>
	sql<boolean>`(session.expires_at > now()
		and (session.remembered or ${idle} = 0 or session.last_seen_at > now() - make_interval(secs => ${idle})))`;
