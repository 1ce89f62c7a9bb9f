import { subscribe } from 'node:diagnostics_channel';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { building } from '$app/env';
import { METRICS_TOKEN } from '$app/env/private';

// Labels come from sets that are closed in the code: whatever a stranger sends begins no series of its own.

/** What this process tells of itself, in Prometheus' terms. */
export const registry = new Registry();

const registers = [registry];

/** Seconds: from a read of one row to what nobody waits for. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
	new Counter({ name: `gatehouse_${name}`, help, labelNames, registers });

const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
	new Gauge({ name: `gatehouse_${name}`, help, labelNames, registers });

const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
	new Histogram({ name: `gatehouse_${name}`, help, labelNames, buckets, registers });

const requests = counter('requests_total', 'Requests, by route and status', 'route', 'method', 'status');
const requestSeconds = histogram('request_seconds', 'From a request to the head of its answer', 'route');
const calls = counter(
	'calls_total',
	'Procedure calls, of pages too; the outcome is ok or a reason',
	'procedure',
	'outcome'
);
const callSeconds = histogram('call_seconds', 'How long procedure calls take', 'procedure');
const refusals = counter('refusals_total', 'Requests that were refused before the app', 'status');
const signIns = counter('sign_ins_total', 'Sign-ins that were tried, by what they came with', 'way', 'outcome');
const mails = counter('mails_total', 'Mails that were tried to send: sent, failed or given_up', 'outcome');
const jobRuns = counter('job_runs_total', 'Jobs that were run: done, failed or given_up', 'task', 'outcome');
const waits = histogram('pool_wait_seconds', 'How long requests wait for a database connection');

/** What is asked of others when somebody reads; `service.ts` sets them. */
export const gauges = {
	pool: gauge('pool_connections', 'Database connections of this process', 'state'),
	jobs: gauge('jobs', 'Jobs of all processes: waiting, running, or failed for good', 'task', 'state'),
	oldest: gauge('jobs_oldest_seconds', 'How long the oldest job is due that nobody works on', 'task'),
	database: gauge('database_up', 'Whether the database answered')
};

/** Counts a request; `route` is its id, and null where there is none. */
export function countRequest(route: string | null, method: string, status: number, seconds: number): void {
	const known = route ?? 'none';
	requests.inc({ route: known, method, status });
	requestSeconds.observe({ route: known }, seconds);
}

/** Counts a call of a procedure that exists. */
export function countCall(procedure: string, outcome: string, seconds: number): void {
	calls.inc({ procedure, outcome });
	callSeconds.observe({ procedure }, seconds);
}

/** Counts a way in: what somebody came with, and `ok` or the reason why not. */
export const countSignIn = (way: string, outcome: string): void => signIns.inc({ way, outcome });

export const countMail = (outcome: 'sent' | 'failed' | 'given_up'): void => mails.inc({ outcome });

export const countJob = (task: string, outcome: 'done' | 'failed' | 'given_up'): void => jobRuns.inc({ task, outcome });

/** Notes how long somebody waited for a connection of the pool. */
export const noteWait = (seconds: number): void => waits.observe(seconds);

// server.js and its front are no part of the built app, and share no module with it.
subscribe('gatehouse:refused', (message) => refusals.inc({ status: (message as { status: number }).status }));

// Watching the event loop and the garbage collector has a price, which nobody pays who does not read.
if (!building && METRICS_TOKEN) collectDefaultMetrics({ register: registry });
