import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { inTurn, passing } from './proxy.ts';

// The built app for the journeys, as two processes behind a proxy on PORT that knows nothing of sessions.

/** Starts a server on a port, 0 for any that is free, and answers where it listens. */
async function start(port: string): Promise<{ child: ChildProcess; origin: string }> {
	const child = spawn(process.execPath, ['server.js'], {
		env: { ...process.env, HOST: '127.0.0.1', PORT: port },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	child.once('exit', (code) => process.exit(code ?? 1));
	for await (const line of createInterface(child.stdout)) {
		process.stdout.write(`${line}\n`);
		const [, origin] = /listens on (http:\S+)/.exec(line) ?? [];
		if (!origin) continue;
		child.stdout.pipe(process.stdout);
		return { child, origin };
	}
	throw new Error('The server did not start.');
}

const servers = await Promise.all([start(new URL(process.env.E2E_SERVER!).port), start('0')]);
const proxy = createServer(passing(inTurn(servers.map(({ origin }) => origin))));
proxy.listen(Number(process.env.PORT), '127.0.0.1');
await once(proxy, 'listening');
process.once('SIGTERM', () => {
	for (const { child } of servers) child.kill('SIGTERM');
});
