import { setTimeout } from 'node:timers/promises';
import { version as app } from '../../../../package.json';
import { db, pool } from '../../db.ts';
import { listBacklog } from '../../metrics/service.ts';
import { findDatabase, ping } from './queries.ts';

/** Milliseconds that the event loop is asked to wait, and how often, to see how late it comes back. */
const PAUSE = 10;
const PAUSES = 10;

/** How late the event loop is at the moment, in milliseconds: nobody pays for the watch who does not look. */
async function measureLag(): Promise<{ mean: number; most: number }> {
	const lags: number[] = [];
	for (let n = 0; n < PAUSES; n++) {
		const start = performance.now();
		await setTimeout(PAUSE);
		lags.push(Math.max(0, performance.now() - start - PAUSE));
	}
	return { mean: lags.reduce((sum, lag) => sum + lag, 0) / PAUSES, most: Math.max(...lags) };
}

async function measureRoundTrip(): Promise<number> {
	const start = performance.now();
	await ping(db);
	return performance.now() - start;
}

/** The connections of this process, before any is taken to look at the rest. */
function findPool() {
	const { idleCount: idle, totalCount, waitingCount: waitedFor, options } = pool;
	// Who asks while one is idle gets it within this turn of the event loop.
	return { busy: totalCount - idle, idle, waitedFor: Math.max(0, waitedFor - idle), most: options.max };
}

async function findQueue() {
	const tasks = await listBacklog(db);
	const sum = (state: 'waiting' | 'running' | 'failed') => tasks.reduce((total, task) => total + task[state], 0);
	const oldestSeconds = Math.max(0, ...tasks.map(({ oldest }) => oldest));
	return { waiting: sum('waiting'), running: sum('running'), failed: sum('failed'), oldestSeconds };
}

/** How this process and what it needs are, at this moment. */
export async function examine() {
	const connections = findPool();
	const roundTripMs = await measureRoundTrip();
	const [{ postgres, migration, ...database }, queue, lagMs] = await Promise.all([
		findDatabase(db),
		findQueue(),
		measureLag()
	]);
	return {
		database: { roundTripMs, ...database },
		pool: connections,
		queue,
		process: { uptimeSeconds: process.uptime(), lagMs, memory: process.memoryUsage.rss() },
		versions: { app, node: process.version.slice(1), postgres, migration }
	};
}
