import { startTracing } from './tracing.ts';

// SvelteKit runs this in development. In production server.js starts tracing, before it loads the app.
if (process.env.APP_ENV === 'dev') await startTracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
