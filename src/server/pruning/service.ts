import { AUDIT_RETENTION_DAYS, CRON_SESSION_RETENTION_DAYS } from '$app/env/private';
import { enterAll } from '../auth/access.ts';
import { IDLE } from '../auth/session.ts';
import { alone, db, transaction } from '../db.ts';
import { dropGivenUp } from '../jobs.ts';
import { log } from '../log.ts';
import { forgetFlows } from '../oauth/service.ts';
import { BATCH, deleteSome, pastRows, type Keep, type Past } from './queries.ts';

type Parts = Record<string, () => Promise<unknown>>;

/** Another number than that of the migrations' lock. */
const LOCK = 726_373;

const KEEP: Keep = { sessionDays: CRON_SESSION_RETENTION_DAYS, eventDays: AUDIT_RETENTION_DAYS, idle: IDLE };

/** All that is pruned, by name. Audit entries are not: dropping those stops their writers, so it waits for the night. */
export const parts = (keep: Keep = KEEP): Parts => ({
	...Object.fromEntries(
		Object.entries(pastRows(keep)).map(([name, past]) => [name, () => untilFew(() => deletePast(past))])
	),
	'visits to providers': forgetFlows,
	'jobs given up': () => untilFew(() => dropGivenUp(db, BATCH))
});

const deletePast = (past: Past) =>
	past.isWalled ? transaction((tx) => enterAll(tx).then(() => deleteSome(tx, past))) : deleteSome(db, past);

/** In statements of their own, each a transaction: none is long, and what was done stays done. */
async function untilFew(prune: () => Promise<number>): Promise<void> {
	while ((await prune()) === BATCH);
}

/**
 * Prunes all there is, one run at a time over all processes; answers whether it was this one.
 * @throws {Error} naming the parts that failed, after the others are done
 */
export const prune = (work: Parts = parts()): Promise<boolean> =>
	alone(LOCK, async () => {
		const failed: string[] = [];
		for (const [part, run] of Object.entries(work)) {
			await run().catch((error: unknown) => {
				log.error({ err: error, part }, 'pruning failed');
				failed.push(part);
			});
		}
		if (failed.length > 0) throw new Error(`Pruning failed for: ${failed.join(', ')}.`);
	});
