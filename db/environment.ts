import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readConfig, type Config, type Env } from '../src/config.ts';
import { embeddedDatabase } from './embedded.ts';

const root = new URL('../', import.meta.url);

/** The configuration of this process, and how to let go of what it started. */
export type Environment = { config: Config; release: () => Promise<void> };

/** Takes over what `.env` says and the environment does not. */
export function loadEnvFile(): void {
	const file = fileURLToPath(new URL('.env', root));
	if (existsSync(file)) process.loadEnvFile(file);
}

/** The environment with what development makes for itself: a secret, and a stand-in for the URL of its database. */
export async function completed(env: Env): Promise<Env> {
	if (env.APP_ENV !== 'dev') return env;
	return {
		...env,
		SECRET_KEY: env.SECRET_KEY || (await devSecret()),
		DATABASE_URL: env.DATABASE_URL || 'postgres://embedded'
	};
}

/**
 * Completes `process.env` for whoever runs outside Vite: `.env`, and in development a secret and a database of its
 * own. All that is wrong is told at once, before anything is started.
 * @throws {ConfigError}
 */
export async function prepareEnvironment(): Promise<Environment> {
	const { env } = process;
	loadEnvFile();
	const full = await completed(env);
	const config = readConfig(full);
	env.SECRET_KEY = full.SECRET_KEY;
	if (env.DATABASE_URL) return { config, release: async () => {} };

	const { url, release } = await embeddedDatabase('gatehouse');
	env.DATABASE_URL = url;
	return { config: { ...config, DATABASE_URL: url }, release };
}

/** Made once and kept, so that sessions survive a restart. */
async function devSecret(): Promise<string> {
	const file = new URL('.data/secret-key', root);
	await mkdir(new URL('.', file), { recursive: true });
	const made = randomBytes(32).toString('base64');
	await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw error;
	});
	return readFile(file, 'utf8');
}

/** Runs a command-line program with its environment; what it cannot do ends it with one message and exit code 1. */
export async function runProgram(program: (config: Config) => Promise<void>): Promise<void> {
	try {
		const { config, release } = await prepareEnvironment();
		await program(config).finally(release);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}
