import type pg from 'pg';
import { noteWait } from './registry.ts';

type Taken = (error: Error | undefined, client: pg.PoolClient | undefined, release: (broken?: unknown) => void) => void;

/** The same pool, which notes how long each connection of it was waited for. */
export function timed(pool: pg.Pool): pg.Pool {
	const connect = pool.connect.bind(pool);
	const take = (taken?: Taken): unknown => {
		const start = performance.now();
		const note = () => noteWait((performance.now() - start) / 1000);
		// The pool's own `query` takes a callback, everybody else a promise.
		if (!taken) return connect().finally(note);
		return connect((...result) => {
			note();
			taken(...result);
		});
	};
	pool.connect = take as typeof pool.connect;
	return pool;
}
