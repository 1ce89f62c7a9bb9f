import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createDatabase, dropDatabase } from './database.ts';
import { test as base } from './fixtures.ts';

/** A server of a test's own, with a database of its own: another one's jobs would carry its mail away. */
export type Server = { origin: string; databaseUrl: string; child: ChildProcess; output: () => string };

type Env = Record<string, string>;

/** The host that a deployment of a test answers for. */
export const HOST = 'app.example.com';

/** What a deployment is told; its mail reaches nobody. */
export const DEPLOYED: Env = {
	APP_ENV: 'prod',
	PUBLIC_ORIGIN: `https://${HOST}`,
	SMTP_URL: 'smtp://127.0.0.1:9',
	MAIL_FROM: 'Gatehouse <hello@app.example.com>',
	BREACH_CHECK_URL: ''
};

/** Variables for a server, or how to make them for its database. */
type Setting = Env | ((databaseUrl: string) => Promise<Env>);

/** Where a server is started, and what Node itself is told. */
type Place = { cwd?: string; flags?: string[] };

/** Starts `node server.js`, telling all that it writes. */
export function launch(env: Env, { cwd, flags = [] }: Place = {}): { child: ChildProcess; output: () => string } {
	const child = spawn(process.execPath, [...flags, 'server.js'], {
		cwd,
		env: { ...process.env, HOST: '127.0.0.1', PORT: '0', ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let written = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
	return { child, output: () => written };
}

/** How a process ended, once all it wrote is read. */
export async function ending(child: ChildProcess, milliseconds = 30_000): Promise<number | null> {
	const [code] = (await once(child, 'close', { signal: AbortSignal.timeout(milliseconds) })) as [number | null];
	return code;
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** The same on a database that is there, once it listens. */
export async function start(databaseUrl: string, env: Env, place?: Place): Promise<Server> {
	const { child, output } = launch({ DATABASE_URL: databaseUrl, ...env }, place);
	while (isRunning(child)) {
		const [, origin] = /listens on (http:\S+)/.exec(output()) ?? [];
		if (origin) return { origin, databaseUrl, child, output };
		await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
	}
	throw new Error(`The server did not start:\n${output()}`);
}

/** Tests that start servers themselves, which end with them. */
export const test = base.extend<{ serve: (setting?: Setting) => Promise<Server> }>({
	serve: async ({}, use) => {
		const databases: string[] = [];
		const servers: Server[] = [];
		await use(async (setting = {}) => {
			const databaseUrl = await createDatabase();
			databases.push(databaseUrl);
			const env = typeof setting === 'function' ? await setting(databaseUrl) : setting;
			const server = await start(databaseUrl, env);
			servers.push(server);
			return server;
		});
		for (const { child } of servers) {
			if (!isRunning(child)) continue;
			child.kill('SIGKILL');
			await once(child, 'exit');
		}
		for (const url of databases) await dropDatabase(url);
	}
});
