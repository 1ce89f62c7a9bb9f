import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { LogEvent } from 'kysely';
import type pg from 'pg';
import { OTEL_EXPORTER_OTLP_ENDPOINT } from '$app/env/private';

const isTracing = Boolean(OTEL_EXPORTER_OTLP_ENDPOINT);

/** Stands in for the tracer that `src/tracing.ts` sets up, before the app is loaded. */
const tracer = trace.getTracer('gatehouse');

/** Runs work in a span, which is told the outcome; without tracing it only runs. */
export function inSpan<T>(name: string, work: (tell: (outcome: string) => void) => Promise<T>): Promise<T> {
	if (!isTracing) return work(() => {});
	return tracer.startActiveSpan(name, (span) => {
		const tell = (outcome: string) => void span.setAttribute('gatehouse.outcome', outcome);
		return work(tell).finally(() => span.end());
	});
}

/** Notes a statement that took so many milliseconds until now. Its text names no value: those are its parameters. */
function noteQuery(text: string, milliseconds: number, failed: boolean): void {
	const now = Date.now();
	const span = tracer.startSpan('query', {
		kind: SpanKind.CLIENT,
		startTime: now - milliseconds,
		attributes: { 'db.system.name': 'postgresql', 'db.query.text': text }
	});
	if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
	span.end(now);
}

/** For Kysely: a span for each of its queries, or nothing. */
export const queryLog = isTracing
	? ({ level, query, queryDurationMillis }: LogEvent) => noteQuery(query.sql, queryDurationMillis, level === 'error')
	: undefined;

type Asked = string | pg.QueryConfig;

/** The same pool, with a span for each statement that it is asked for by itself, as for a session. */
export function traced(pool: pg.Pool): pg.Pool {
	if (!isTracing) return pool;
	const query = pool.query.bind(pool) as (asked: Asked, values?: unknown[]) => Promise<unknown>;
	const ask = async (asked: Asked, values?: unknown[]) => {
		const start = performance.now();
		const text = typeof asked === 'string' ? asked : asked.text;
		const note = (failed: boolean) => noteQuery(text, performance.now() - start, failed);
		try {
			const result = await query(asked, values);
			note(false);
			return result;
		} catch (error) {
			note(true);
			throw error;
		}
	};
	return Object.assign(pool, { query: ask });
}
