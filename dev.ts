import { createServer as createSocket } from 'node:net';
import { createServer } from 'vite';
import { DEMO_PASSWORD, DEMO_PEOPLE } from './db/demo.ts';
import { loadEnvFile, prepareEnvironment } from './db/environment.ts';
import { migrate } from './db/migrate.ts';
import { seed } from './db/seed.ts';

const PORT = 5173;

const isFree = (port: number) =>
	new Promise<boolean>((resolve) => {
		const socket = createSocket();
		socket.once('error', () => resolve(false));
		socket.listen(port, 'localhost', () => socket.close(() => resolve(true)));
	});

async function freePort(): Promise<number> {
	for (let port = PORT; port < PORT + 100; port++) if (await isFree(port)) return port;
	throw new Error(`No port from ${PORT} to ${PORT + 99} is free. Stop one of the servers there.`);
}

function welcome(origin: string): string {
	const width = Math.max(...DEMO_PEOPLE.map(({ email }) => email.length));
	const people = DEMO_PEOPLE.map(({ email, role, org }) => `    ${email.padEnd(width)}  ${role.padEnd(9)}  ${org}`);
	return [
		'',
		`  Gatehouse   ${origin}`,
		`  Mailbox     ${origin}/dev/mail`,
		`  Workshop    ${origin}/dev`,
		'',
		`  Demo people, all with the password ${DEMO_PASSWORD}`,
		...people,
		''
	].join('\n');
}

/** The whole of development in one process: database, migrations, demo data, jobs, Vite. */
async function main(): Promise<void> {
	process.env.APP_ENV = 'dev';
	loadEnvFile();
	const port = await freePort();
	process.env.PUBLIC_ORIGIN ||= `http://localhost:${port}`;
	const { config, release } = await prepareEnvironment();
	try {
		await migrate(config.DATABASE_URL);
		await seed(config);
		const vite = await createServer({ server: { port, strictPort: true }, clearScreen: false, logLevel: 'warn' });
		await vite.listen();
		// The first request starts the jobs, and saves whoever opens the page that wait.
		await fetch(`http://localhost:${port}/health`);
		console.log(welcome(config.PUBLIC_ORIGIN));
		// Vite's own listener would end the process before the database is released.
		process.removeAllListeners('SIGTERM');
		await new Promise((stopped) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.once(signal, stopped)));
		process.emit('sveltekit:shutdown' as never);
		await vite.close();
	} finally {
		await release();
	}
}

await main().then(
	() => process.exit(0),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	}
);
