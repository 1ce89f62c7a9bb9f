import { sql } from 'kysely';
import { TOTAL_LIMIT } from '#lib/limits.ts';
import type { JobState } from '#lib/queue.ts';
import type { Db } from '../../db.ts';

// What a job is told is in none of these: it may name a person, and says nothing that its task does not.

const WHERE = {
	waiting: sql`locked_at is null and attempts < max_attempts`,
	running: sql`locked_at is not null`,
	failed: sql`locked_at is null and attempts >= max_attempts`
} satisfies Record<JobState, unknown>;

type Filter = { state?: JobState; task?: string };

const passing = ({ state, task }: Filter) => sql`
	${state ? WHERE[state] : sql`true`} and ${task === undefined ? sql`true` : sql`task_identifier = ${task}`}`;

/** The content of a mail that was given up is gone, so its job has nothing to do any more. */
const CAN_RETRY = sql<boolean>`not exists (
	select from mail where failed_at is not null and mail.id = case
		when task_identifier = 'mail' and jobs.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then jobs.key::uuid
	end
)`;

type Job = {
	id: string;
	task: string;
	state: JobState;
	attempts: number;
	maxAttempts: number;
	lastError: string | null;
	runAt: Date;
	createdAt: Date;
	canRetry: boolean;
};

/** Jobs, the newest first; errors are cut at so many characters. */
export async function listJobs(db: Db, filter: Filter, { after, limit }: { after?: string; limit: number }) {
	const { rows } = await sql<Job>`
		select id, task_identifier as task, attempts, max_attempts, left(last_error, 2000) as last_error, run_at, created_at,
			case when ${WHERE.running} then 'running' when ${WHERE.failed} then 'failed' else 'waiting' end as state,
			${WHERE.failed} and ${CAN_RETRY} as can_retry
		from graphile_worker.jobs as jobs
		where ${passing(filter)} and ${after === undefined ? sql`true` : sql`id < ${after}::bigint`}
		order by id desc limit ${limit}`.execute(db);
	return rows;
}

export async function countJobs(db: Db, filter: Filter): Promise<number> {
	const { rows } = await sql<{ total: number }>`
		select count(*)::int as total from (
			select from graphile_worker.jobs as jobs where ${passing(filter)} limit ${TOTAL_LIMIT}
		) as counted`.execute(db);
	return rows[0]!.total;
}

/** Lets those who retry jobs do so one after the other, or each of them would count the same ones. */
export const lockRetries = (db: Db) => sql`select pg_advisory_xact_lock(726374)`.execute(db);

/** Which jobs are meant: one, or all of a task. */
export type Chosen = { id: string } | { task: string };

const chosen = (which: Chosen) =>
	'id' in which ? sql`id = ${which.id}::bigint` : sql`task_identifier = ${which.task}`;

/** Gives those chosen that failed for good all their tries again, from this moment on; answers the task of each. */
export async function retryFailed(db: Db, which: Chosen): Promise<string[]> {
	const { rows } = await sql<{ task: string }>`
		with failed as materialized (
			select id, task_identifier as task from graphile_worker.jobs as jobs
			where ${chosen(which)} and ${WHERE.failed} and ${CAN_RETRY}
		), retried as (
			select (graphile_worker.reschedule_jobs(array_agg(id), run_at => now(), attempts => 0)).id from failed
		)
		select task from failed join retried using (id)`.execute(db);
	return rows.map(({ task }) => task);
}

/** Whether a job is still there, and has failed for good. */
export async function findJob(db: Db, id: string): Promise<{ hasFailed: boolean } | undefined> {
	const { rows } = await sql<{ hasFailed: boolean }>`
		select ${WHERE.failed} as has_failed from graphile_worker.jobs where id = ${id}::bigint`.execute(db);
	return rows[0];
}
