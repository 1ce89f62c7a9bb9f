import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { defineConfig } from 'playwright/test';
import { variablesFor } from './dev-provider.ts';
import { findChromium } from './tests/chromium.ts';

if (!existsSync('build/handler.js')) throw new Error('The journeys use the built app: run "npm run build" first.');

const freePort = () =>
	new Promise<number>((resolve, reject) => {
		const socket = createServer().once('error', reject);
		socket.listen(0, '127.0.0.1', () => {
			const { port } = socket.address() as AddressInfo;
			socket.close(() => resolve(port));
		});
	});

// Each worker reads this file too, and must find the servers that the first one started.
const port = (process.env.E2E_PORT ??= String(await freePort()));
const origin = (process.env.E2E_ORIGIN ??= `http://127.0.0.1:${port}`);
const providerPort = (process.env.E2E_PROVIDER_PORT ??= String(await freePort()));
// To a browser another site than 127.0.0.1, as a provider is.
const provider = `http://localhost:${providerPort}`;

mkdirSync('test-results', { recursive: true });

/** One process of the app, or two behind a proxy, which no journey shall notice. */
const app = process.env.E2E_PROCESSES === '2' ? 'tests/processes.ts' : 'server.js';
// Whom journeys about HTTP itself speak to: of what is malformed or too long a proxy lets nothing pass.
process.env.E2E_SERVER ??= app === 'server.js' ? origin : `http://127.0.0.1:${await freePort()}`;

const asRoot = process.getuid?.() === 0;

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '*.test.ts',
	outputDir: 'test-results/browser',
	fullyParallel: true,
	workers: 3,
	retries: 0,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	forbidOnly: !!process.env.CI,
	reporter: 'list',
	globalSetup: './tests/e2e/seed.ts',
	use: {
		baseURL: origin,
		browserName: 'chromium',
		launchOptions: {
			executablePath: findChromium(),
			args: [
				...(asRoot ? ['--no-sandbox'] : []),
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				// Processes for each site, and drawing by a card that is not there, took a seventh of the time of a run.
				'--disable-gpu',
				'--disable-site-isolation-trials',
				'--renderer-process-limit=1'
			]
		},
		// What moves takes the time of every journey; keyboard.test.ts goes without this.
		contextOptions: { reducedMotion: 'reduce' }
	},
	webServer: [
		{
			command: 'exec node dev-provider.ts',
			url: `${provider}/.well-known/openid-configuration`,
			env: { PORT: providerPort }
		},
		{
			command: `exec node ${app} > test-results/server.log 2>&1`,
			url: `${origin}/ready`,
			env: { HOST: '127.0.0.1', PORT: port, PUBLIC_ORIGIN: origin, RATE_LIMIT_FACTOR: '0', ...variablesFor(provider) },
			gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 }
		}
	]
});
