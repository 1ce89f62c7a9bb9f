import { sql } from 'kysely';
import type { Db } from '../db.ts';

/** The jobs of a task: those that are due or will be tried again, under way, and failed for good. */
type Backlog = { task: string; waiting: number; running: number; failed: number; oldest: number };

/** What is in the queue, by task; `oldest` is in seconds. */
export async function listBacklog(db: Db): Promise<Backlog[]> {
	const { rows } = await sql<Backlog>`
		select task_identifier as task,
			count(*) filter (where locked_at is null and attempts < max_attempts)::int as waiting,
			count(*) filter (where locked_at is not null)::int as running,
			count(*) filter (where locked_at is null and attempts >= max_attempts)::int as failed,
			coalesce(max(extract(epoch from now() - run_at))
				filter (where locked_at is null and attempts < max_attempts and run_at < now()), 0)::float8 as oldest
		from graphile_worker.jobs group by task_identifier`.execute(db);
	return rows;
}
