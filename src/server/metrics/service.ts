import { db, pool } from '../db.ts';
import { log } from '../log.ts';
import * as queries from './queries.ts';
import { gauges, registry } from './registry.ts';

export const { listBacklog } = queries;

export const METRICS_TYPE = registry.contentType;

/** Everything that is counted, as Prometheus reads it; without the queue while the database is away. */
export async function renderMetrics(): Promise<string> {
	// Before the queue is asked for, which takes a connection itself.
	const { idleCount, totalCount, waitingCount } = pool;
	gauges.pool.set({ state: 'idle' }, idleCount);
	gauges.pool.set({ state: 'busy' }, totalCount - idleCount);
	gauges.pool.set({ state: 'waited_for' }, waitingCount);
	await measureQueue();
	return registry.metrics();
}

async function measureQueue(): Promise<void> {
	// A task whose last job is done has no row, and must not keep its last number.
	gauges.jobs.reset();
	gauges.oldest.reset();
	try {
		for (const { task, waiting, running, failed, oldest } of await queries.listBacklog(db)) {
			for (const [state, count] of Object.entries({ waiting, running, failed }))
				gauges.jobs.set({ task, state }, count);
			gauges.oldest.set({ task }, oldest);
		}
		gauges.database.set(1);
	} catch (error) {
		log.warn({ err: error }, 'queue not measured');
		gauges.database.set(0);
	}
}
