import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/**
 * What leaves with a span. SvelteKit also notes addresses, where redirects lead and what errors say: each may hold the
 * token of a link, or somebody's data.
 */
const TOLD =
	/^(http\.(route|method|response\.status_code)|sveltekit\.(is_data_request|load\.node_id|.+\.result\.(type|status))|(db|gatehouse)\..+)$/;

const discreet = (attributes: Attributes): Attributes =>
	Object.fromEntries(Object.entries(attributes).filter(([name]) => TOLD.test(name)));

/** A span without what only the log may know; the id of the request leads there. */
const censored = (span: ReadableSpan): ReadableSpan =>
	Object.create(span, {
		attributes: { value: discreet(span.attributes) },
		events: { value: [] },
		status: { value: { code: span.status.code } }
	}) as ReadableSpan;

const censor = (exporter: SpanExporter): SpanExporter => ({
	export: (spans, done) => exporter.export(spans.map(censored), done),
	forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
	shutdown: () => exporter.shutdown()
});

/**
 * Sends spans to `endpoint`, if there is one; answers how to send the last of them. The other variables of the
 * OpenTelemetry specification, such as OTEL_EXPORTER_OTLP_HEADERS and OTEL_SERVICE_NAME, are read by its own packages.
 */
export async function startTracing(endpoint: string | undefined): Promise<() => Promise<void>> {
	if (!endpoint) return () => Promise.resolve();
	const [{ context, trace }, { BatchSpanProcessor, TracerProvider }, contexts, otlp, resources] = await Promise.all([
		import('@opentelemetry/api'),
		import('@opentelemetry/sdk-trace'),
		import('@opentelemetry/context-async-hooks'),
		import('@opentelemetry/exporter-trace-otlp-http'),
		import('@opentelemetry/resources')
	]);
	const { detectResources, envDetector, resourceFromAttributes } = resources;
	const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
	const provider = new TracerProvider({
		resource: resourceFromAttributes({ 'service.name': 'gatehouse' }).merge(
			detectResources({ detectors: [envDetector] })
		),
		spanProcessors: [new BatchSpanProcessor({ exporter: censor(new otlp.OTLPTraceExporter({ url })) })]
	});
	context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable());
	// No propagator: a trace begins here, whatever a stranger says that it belongs to.
	trace.setGlobalTracerProvider(provider);
	return () => provider.shutdown();
}
