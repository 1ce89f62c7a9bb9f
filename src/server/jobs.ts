import { EventEmitter } from 'node:events';
import { sql } from 'kysely';
import {
	Logger,
	parseCronItems,
	run,
	type CronItem,
	type CronMatcher,
	type Runner,
	type TaskList,
	type WorkerEvents
} from 'graphile-worker';
import { DATABASE_URL, SESSION_CLEANUP_INTERVAL_MINUTES } from '$app/env/private';
import type { Db } from './db.ts';
import { inScope, log } from './log.ts';
import { countJob } from './metrics/registry.ts';
import type { QuotaWarning } from './usage/service.ts';

/** What each job is told. A secret is never in it: the handler makes it, or opens what a row holds sealed. */
export type Jobs = {
	/** Delivers one mail. */
	mail: { mailId: string };
	/** Sends the link of a sign-up, or a notice to whoever has the address already. */
	verification: { signUpId: string };
	/** The same again for the sign-up that waits at an address, if one does. */
	verification_again: { email: string; browserHash: string | null };
	/** Sends a link to set a new password, if the address has an account. */
	password_reset: { email: string };
	/** Tells an organisation's admins that a quota is used up, or soon will be; the database itself queues it. */
	quota_warning: QuotaWarning;
	/** Sends the link of a change of address, or a notice to whoever has the new one already. */
	email_change: { changeId: string };
	/** Makes a copy of all that is held of a person, and mails its link. */
	account_export: { exportId: string };
	/** Erases those for good who deleted their account and did not come back. */
	erasure: object;
	/** Settles calls for tokens that a crash has cut off. */
	spend_settling: object;
	/** Drops audit entries that are kept no longer. */
	audit_retention: object;
	/** Deletes what is past. */
	prune: object;
	/** Frees the jobs of workers that died, and gives up the mails that died with them. */
	release_jobs: object;
};

export type Attempt = { isLast: boolean };
export type Handlers = { [Name in keyof Jobs]: (payload: Jobs[Name], attempt: Attempt) => Promise<void> };

/**
 * Tries at a job. The worker waits e, e², … e¹⁰ seconds between them and e¹⁰ from then on, so the
 * thirteenth comes 22 hours after the first: a day, and a person who asked is asking again anyway.
 */
const ATTEMPTS = 13;

/** Adds a job that commits and rolls back with the caller's transaction. */
export const queueJob = <Name extends keyof Jobs>(tx: Db, name: Name, payload: Jobs[Name]) =>
	queueJobs(tx, name, [payload]);

/** The same for several at once; by what `key` names in its payload, each can be found again. */
export const queueJobs = <Name extends keyof Jobs>(
	tx: Db,
	name: Name,
	payloads: Jobs[Name][],
	key: (keyof Jobs[Name] & string) | null = null
) =>
	sql`
		select graphile_worker.add_job(${name}, payload, max_attempts => ${ATTEMPTS}, job_key => payload ->> ${key}::text)
		from json_array_elements(${JSON.stringify(payloads)}::json) as payload`.execute(tx);

const NAMES = [
	'mail',
	'verification',
	'verification_again',
	'password_reset',
	'quota_warning',
	'email_change',
	'account_export',
	'erasure',
	'spend_settling',
	'audit_retention',
	'prune',
	'release_jobs'
] as const satisfies (keyof Jobs)[];

/** The handlers as the worker calls them; every log line of a job carries its id. */
export const tasks: TaskList = Object.fromEntries(
	NAMES.map((name) => [
		name,
		(payload, { job }) =>
			inScope({ jobId: job.id }, async () => {
				// Imported when a job runs: features queue jobs themselves, and in development an edited one is picked up.
				const { handlers } = await import('./tasks.ts');
				const isLast = job.attempts >= job.max_attempts;
				try {
					await handlers[name](payload as never, { isLast });
					countJob(name, 'done');
				} catch (error) {
					countJob(name, isLast ? 'given_up' : 'failed');
					throw error;
				}
			})
	])
);

/** Counted from midnight: where the interval does not divide the day, its last one is shorter, and none is longer. */
export const everyMinutes =
	(minutes: number): CronMatcher =>
	({ hour, min }) =>
		(hour * 60 + min) % minutes === 0;

/**
 * What runs by the clock (UTC), once however many processes there are. A night that nobody was up for is made up
 * for at the next start; of the others the next run does what one missed.
 */
export const schedule: CronItem[] = [
	{ task: 'audit_retention', match: '17 3 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: ATTEMPTS } },
	{
		task: 'prune',
		match: everyMinutes(SESSION_CLEANUP_INTERVAL_MINUTES),
		options: { jobKey: 'prune', maxAttempts: 1 }
	},
	{ task: 'erasure', match: '* * * * *', options: { jobKey: 'erasure', maxAttempts: 1 } },
	{ task: 'release_jobs', match: '* * * * *', options: { jobKey: 'release_jobs', maxAttempts: 1 } },
	{ task: 'spend_settling', match: '* * * * *', options: { jobKey: 'spend_settling', maxAttempts: 1 } }
] satisfies (CronItem & { task: keyof Jobs })[];

/** The worker's own chatter stays out; what failed is told once a try. */
export const logger = new Logger(() => (level, message) => {
	if (level === 'error' || level === 'warning') log.warn(message);
});

/**
 * Frees the jobs of workers that died, which would wait four hours otherwise. A living one holds a lock named like it;
 * two minutes are time enough to come back for one that lost its connection, and the lock with it.
 */
export const releaseJobs = (db: Db) =>
	sql`
		with holder as materialized (
			select distinct locked_by as id from graphile_worker.jobs where locked_at < now() - interval '2 minutes'
		)
		select graphile_worker.force_unlock_workers(array_agg(id))
		from holder where pg_try_advisory_xact_lock(hashtextextended(id, 0))`.execute(db);

/** Drops some jobs that failed for good 90 days ago, and answers how many. */
export async function dropGivenUp(db: Db, most: number): Promise<number> {
	const { rows } = await sql`
		select graphile_worker.complete_jobs(array(
			select id from graphile_worker.jobs
			where attempts >= max_attempts and locked_at is null and updated_at < now() - interval '90 days'
			limit ${most}
		))`.execute(db);
	return rows.length;
}

/** Tells `releaseJobs` that the worker lives, as long as the connection does that it listens by. */
function newEvents(): WorkerEvents {
	const events: WorkerEvents = new EventEmitter();
	return events.on('pool:listen:success', ({ client, workerPool }) => {
		const lost = (error: unknown) => log.warn({ err: error }, 'worker without its lock');
		const lock = () => client.query('select pg_advisory_lock(hashtextextended($1, 0))', [workerPool.id]).catch(lost);
		// The worker's own query is about to go out, and a connection takes one at a time.
		client.once('drain', () => void lock());
	});
}

/** Works on jobs in this process until the runner is stopped; several processes share the queue. */
export const startJobs = (): Promise<Runner> =>
	run({
		connectionString: DATABASE_URL,
		maxPoolSize: 4,
		concurrency: 3,
		noHandleSignals: true,
		taskList: tasks,
		logger,
		events: newEvents(),
		parsedCronItems: parseCronItems(schedule)
	});
