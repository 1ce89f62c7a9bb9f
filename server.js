import { once } from 'node:events';
import pino from 'pino';

// An older Node reads no TypeScript, and would only say so in words of its own.
const [major, minor] = process.version.slice(1).split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
	console.error(`Gatehouse needs Node 22.18 or newer, and this is ${process.version}.`);
	process.exit(1);
}
const { prepareServer } = await import('./db/examine.ts');
const { migrate } = await import('./db/migrate.ts');
const { Front } = await import('./http/front.ts');
const { startTracing } = await import('./src/tracing.ts');

/** Milliseconds that requests under way may still take once the server is told to stop; and that all may take. */
const GRACE = 5000;
const END = 9000;

/** Starts the built app: configuration, migrations, jobs, then requests. */
async function main() {
	const { config, release } = await prepareServer();
	await serve(config, release).catch((error) => release().finally(() => fail(error)));
}

async function serve(config, release) {
	await migrate(config.DATABASE_URL);
	const endTracing = await startTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT);
	process.once('sveltekit:shutdown', () => void endTracing());
	const { server } = new Front({ ...house(config), app: await loadApp(config), log: logOf(config) });
	server.listen(config.PORT, config.HOST);
	await once(server, 'listening');
	console.log(`Gatehouse listens on ${address(server)}`);
	for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(server, release));
}

/** Development is reached by many names, and without https. */
function house({ APP_ENV, CORS_ORIGINS: origins, PUBLIC_ORIGIN, TRUSTED_PROXY_HOPS: hops }) {
	if (APP_ENV === 'dev') return { isDeployed: false, origins, hops };
	return { isDeployed: true, origins, hops, host: new URL(PUBLIC_ORIGIN).host };
}

/** The app, which knows its origin from the configuration alone: a forged Host or X-Forwarded-Proto changes nothing. */
async function loadApp({ PUBLIC_ORIGIN }) {
	process.env.PROTOCOL_HEADER = 'x-origin-protocol';
	process.env.HOST_HEADER = 'x-origin-host';
	// TRUSTED_PROXY_HOPS alone says whom we believe an address of.
	delete process.env.ADDRESS_HEADER;
	// Each door has its own limit, and says so; the adapter's would only cut the connection.
	process.env.BODY_SIZE_LIMIT = 'Infinity';
	const { protocol, host } = new URL(PUBLIC_ORIGIN);
	const { handler } = await import('./build/handler.js');
	return (request, response, next) => {
		request.headers['x-origin-protocol'] = protocol.slice(0, -1);
		request.headers['x-origin-host'] = host;
		return handler(request, response, next);
	};
}

const logOf = ({ LOG_LEVEL }) =>
	pino({ level: LOG_LEVEL, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(1));

function address(server) {
	const { address, family, port } = server.address();
	return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** No new request, an end to those under way, then jobs and pool (`sveltekit:shutdown`); the process ends by itself. */
function stop(server, release) {
	server.close(() => {
		clearTimeout(cut);
		process.once('beforeExit', () => release());
		process.emit('sveltekit:shutdown');
	});
	server.closeIdleConnections();
	const cut = setTimeout(() => server.closeAllConnections(), GRACE);
	// What is still not done is safe to leave: a transaction rolls back, and a job is tried again.
	setTimeout(() => release().finally(() => process.exit(0)), END).unref();
}

function fail(error) {
	console.error(error.message);
	process.exit(1);
}

await main().catch(fail);
