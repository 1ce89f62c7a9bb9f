import { sql } from 'kysely';
import { Logger, parseCronItems, run, type CronItem, type Runner, type TaskList } from 'graphile-worker';
import { DATABASE_URL } from '$app/env/private';
import type { Db } from './db.ts';
import { inScope, log } from './log.ts';
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
	/** Drops audit entries that are kept no longer. */
	audit_retention: object;
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

/** The same for several at once. */
export const queueJobs = <Name extends keyof Jobs>(tx: Db, name: Name, payloads: Jobs[Name][]) =>
	sql`
		select graphile_worker.add_job(${name}, payload, max_attempts => ${ATTEMPTS})
		from json_array_elements(${JSON.stringify(payloads)}::json) as payload`.execute(tx);

const NAMES = [
	'mail',
	'verification',
	'verification_again',
	'password_reset',
	'quota_warning',
	'email_change',
	'audit_retention'
] as const satisfies (keyof Jobs)[];

/** The handlers as the worker calls them; every log line of a job carries its id. */
export const tasks: TaskList = Object.fromEntries(
	NAMES.map((name) => [
		name,
		(payload, { job }) =>
			inScope({ jobId: job.id }, async () => {
				// Imported when a job runs: features queue jobs themselves, and in development an edited one is picked up.
				const { handlers } = await import('./tasks.ts');
				await handlers[name](payload as never, { isLast: job.attempts >= job.max_attempts });
			})
	])
);

/**
 * What runs by the clock (UTC), once however many processes there are. A night that nobody was up for is made up
 * for at the next start.
 */
export const schedule: CronItem[] = [
	{ task: 'audit_retention', match: '17 3 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: ATTEMPTS } }
] satisfies (CronItem & { task: keyof Jobs })[];

/** The worker's own chatter stays out; what failed is told once a try. */
export const logger = new Logger(() => (level, message) => {
	if (level === 'error' || level === 'warning') log.warn(message);
});

/** Works on jobs in this process until the runner is stopped; several processes share the queue. */
export const startJobs = (): Promise<Runner> =>
	run({
		connectionString: DATABASE_URL,
		maxPoolSize: 4,
		concurrency: 3,
		noHandleSignals: true,
		taskList: tasks,
		logger,
		parsedCronItems: parseCronItems(schedule)
	});
