import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from './fixtures.ts';
import { send } from './raw.ts';
import { ending, test } from './server.ts';

type Value = { stringValue?: string };
type Span = {
	traceId: string;
	spanId: string;
	parentSpanId?: string;
	name: string;
	attributes: { key: string; value: Value }[];
};
type Batch = { resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[] };

/** A receiver of OTLP over HTTP, and all that it was told. */
async function startReceiver() {
	const told: string[] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			if (request.url === '/v1/traces') told.push(body);
			response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
		});
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		told,
		resources: () => told.flatMap((body) => (JSON.parse(body) as Batch).resourceSpans),
		stop: () => server.close().closeAllConnections()
	};
}

const attribute = ({ attributes }: Pick<Span, 'attributes'>, name: string) =>
	attributes.find(({ key }) => key === name)?.value.stringValue;

const STRANGERS_TRACE = randomBytes(16).toString('hex');

test('a call is traced from the request to its queries, and no secret leaves with it', async ({ serve }) => {
	const receiver = await startReceiver();
	const { origin, child } = await serve({
		OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
		OTEL_SERVICE_NAME: 'gate',
		RATE_LIMIT_FACTOR: '0'
	});
	const headers = {
		'Content-Type': 'application/json',
		Cookie: 'session_id=canary-cookie',
		Authorization: 'Basic canary-authorization',
		traceparent: `00-${STRANGERS_TRACE}-00f067aa0ba902b7-01`
	};
	const body = JSON.stringify({ identifier: 'canary@example.com', password: 'canary-password' });
	const login = await send('/trpc/auth.login', { method: 'POST', headers, body }, origin);
	expect(login.status).toBe(401);
	for (const path of ['/verify/canary-token?q=canary-query', '/account?q=canary-redirect', '/canary-path']) {
		await send(path, { headers: { Accept: 'text/html' } }, origin);
	}
	await send('/auth/oauth/google/callback?code=canary-code&state=canary-state', {}, origin);
	const ended = ending(child);
	child.kill('SIGTERM');
	expect(await ended).toBe(0);
	receiver.stop();

	const [resource] = receiver.resources();
	expect(attribute(resource!.resource, 'service.name')).toBe('gate');
	const spans = receiver.resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
	const named = (name: string) => spans.find((span) => span.name === name)!;
	const [request, call] = [named('POST /trpc/[...path]'), named('auth.login')];
	expect(attribute(request, 'gatehouse.request_id')).toBe(login.headers['x-request-id']);
	expect(attribute(call, 'gatehouse.outcome')).toBe('invalid_credentials');
	expect(call.traceId).toBe(request.traceId);
	const queries = spans.filter(({ name, traceId }) => name === 'query' && traceId === request.traceId);
	const sessions = queries.filter((span) => /from session s join/.test(attribute(span, 'db.query.text')!));
	expect(sessions).toHaveLength(1);
	expect(queries.filter(({ parentSpanId }) => parentSpanId === call.spanId)).not.toEqual([]);
	expect(named('GET /(public)/verify/[token]')).toBeDefined();
	expect(named('GET null')).toBeDefined();

	const told = receiver.told.join();
	expect(told).not.toContain('canary');
	expect(told).not.toContain(STRANGERS_TRACE);
});

test('without an endpoint nothing is traced', async ({ serve }) => {
	const receiver = await startReceiver();
	const { origin, child } = await serve({
		OTEL_EXPORTER_OTLP_ENDPOINT: '',
		OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver.endpoint
	});
	expect((await send('/login', {}, origin)).status).toBe(200);
	const ended = ending(child);
	child.kill('SIGTERM');
	expect(await ended).toBe(0);
	receiver.stop();
	expect(receiver.told).toEqual([]);
});
