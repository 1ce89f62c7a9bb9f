import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db.ts';

const daysAgo = (days: number) => sql`now() - make_interval(secs => ${days * 86_400})`;

/** How long rows are kept that differ by deployment: days, and `idle` in seconds, where 0 ends no session. */
export type Keep = { sessionDays: number; eventDays: number; idle: number };

export type Past = {
	table: string;
	past: RawBuilder<boolean>;
	/** Behind the wall of row security, so that only a transaction that sees all organisations finds its rows. */
	isWalled?: true;
};

/**
 * What is kept no longer. An expired link says for a week that it expired, and an invitation for a month that it can
 * be sent again; of mail, what did not go out is kept longer, for whoever finds out why.
 */
export const pastRows = ({ sessionDays, eventDays, idle }: Keep): Record<string, Past> => ({
	'expired sessions': { table: 'session', past: sql`expires_at < ${daysAgo(sessionDays)}` },
	'idle sessions': {
		table: 'session',
		past: sql`not remembered and ${idle} > 0 and last_seen_at < ${daysAgo(sessionDays + idle / 86_400)}`
	},
	tokens: { table: 'token', past: sql`expires_at < ${daysAgo(7)}` },
	'changes of address': { table: 'email_change', past: sql`expires_at < ${daysAgo(7)}` },
	'ways back': { table: 'email_undo', past: sql`expires_at < ${daysAgo(7)}` },
	restorations: { table: 'restoration', past: sql`expires_at < ${daysAgo(7)}` },
	'copies of data': {
		table: 'account_export_piece',
		past: sql`export_id in (select id from account_export where expires_at <= now())`
	},
	'links to copies': { table: 'account_export', past: sql`expires_at < ${daysAgo(7)}` },
	'former addresses': { table: 'former_address', past: sql`until < ${daysAgo(eventDays)}` },
	'kept names': { table: 'kept_name', past: sql`until < now()` },
	'sign-ups': { table: 'sign_up', past: sql`expires_at < ${daysAgo(7)}` },
	invitations: { table: 'invitation', past: sql`expires_at < ${daysAgo(30)}` },
	// Yesterday's may still be today's by another process's clock.
	'invitation counts': { table: 'invitation_count', past: sql`day < (now() at time zone 'utc')::date - 1` },
	limits: { table: 'rate_limit', past: sql`resets_at <= now()` },
	slugs: { table: 'org_slug', past: sql`expires_at < now()` },
	'sent mail': { table: 'mail', past: sql`sent_at < ${daysAgo(30)}` },
	'other mail': { table: 'mail', past: sql`created_at < ${daysAgo(90)}` },
	"development's mail": { table: 'dev_mail', past: sql`sent_at < ${daysAgo(30)}` },
	// A month of use is 31 days at the most, and its row is what is counted in until then.
	'use of months': { table: 'quota_use', past: sql`since > '-infinity' and since < ${daysAgo(62)}` },
	'use of days': { table: 'usage_day', past: sql`day < (now() at time zone 'utc')::date - 2 * 366`, isWalled: true },
	'use of keys': { table: 'api_key_use', past: sql`day < (now() at time zone 'utc')::date - 2 * 366`, isWalled: true },
	'calls of keys': { table: 'api_key_call', past: sql`at < ${daysAgo(366)}`, isWalled: true },
	// Until then, whoever still sends it is told that the key was rotated.
	'former secrets': { table: 'api_key_secret', past: sql`expires_at < ${daysAgo(30)}` },
	'account events': { table: 'account_event', past: sql`at < ${daysAgo(eventDays)}` }
});

/** Rows that one statement deletes at the most: a short lock, however much there is. */
export const BATCH = 5000;

/** Deletes some past rows and answers how many. One that somebody works on is left for the next run. */
export async function deleteSome(db: Db, { table, past }: Past): Promise<number> {
	const { numAffectedRows } = await sql`
		delete from ${sql.table(table)} where ctid = any(array(
			select ctid from ${sql.table(table)} where ${past} limit ${BATCH} for update skip locked
		))`.execute(db);
	return Number(numAffectedRows);
}
