import { AsyncLocalStorage } from 'node:async_hooks';
import pino from 'pino';
import { building } from '$app/env';
import { APP_ENV, LOG_LEVEL } from '$app/env/private';

const scope = new AsyncLocalStorage<{ requestId?: string; jobId?: string }>();

/** Every line written while `work` runs, however deep, carries these ids. */
export const inScope = <T>(ids: { requestId?: string; jobId?: string }, work: () => T): T => scope.run(ids, work);

/** The id of the request under way, as its log lines, its answer and its error carry it. */
export const currentRequestId = (): string => scope.getStore()?.requestId ?? '';

const pretty = async () =>
	(await import('pino-pretty')).default({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true });

/** One JSON line an event; readable lines in development. What may be secret is never handed to it. */
export const log = pino(
	{
		level: building ? 'silent' : LOG_LEVEL,
		base: undefined,
		// A copy: what a line says is written into it, and would stand on every later one.
		mixin: () => ({ ...scope.getStore() }),
		timestamp: pino.stdTimeFunctions.isoTime
	},
	!building && APP_ENV === 'dev' ? await pretty() : pino.destination(1)
);
