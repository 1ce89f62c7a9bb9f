import type { SignedIn } from '../../auth/actor.ts';
import { transaction, type Db } from '../../db.ts';
import { AppError } from '../../errors.ts';
import { record } from '../log/service.ts';
import * as queries from './queries.ts';

/** Why one job could not be retried, which is looked up only then. */
async function refusal(tx: Db, id: string): Promise<AppError> {
	const job = await queries.findJob(tx, id);
	if (!job) return new AppError('not_found', 'There is no such job any more.');
	if (!job.hasFailed)
		return new AppError('conflict', 'This job has not failed for good: it runs, or waits for its turn.');
	const message = 'This mail was given up, and its content is gone. Have its reader ask for it again.';
	return new AppError('conflict', message);
}

/**
 * Has one job tried again that failed for good, or all of a task; answers how many. One that runs is not touched.
 * @throws {AppError} `not_found`, `conflict` for one that cannot be retried
 */
export const retryJobs = (actor: SignedIn, which: queries.Chosen) =>
	transaction(async (tx) => {
		await queries.lockRetries(tx);
		const tasks = await queries.retryFailed(tx, which);
		const [task] = tasks;
		if (task !== undefined) await record(tx, actor, 'job.retried', { name: task }, { count: tasks.length });
		else if ('id' in which) throw await refusal(tx, which.id);
		return { retried: tasks.length };
	});
