import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

async function freePort(): Promise<number> {
	const socket = createServer().listen(0, '127.0.0.1');
	await once(socket, 'listening');
	const { port } = socket.address() as AddressInfo;
	socket.close();
	await once(socket, 'close');
	return port;
}

export type Server = { origin: string; stop: () => Promise<void> };

/** The built app as it is deployed, on loopback; it is asked for nothing that would send a mail. */
export async function startServer(): Promise<Server> {
	if (!existsSync('build/handler.js')) throw new Error('The bench measures the built app: run "npm run build" first.');
	const port = await freePort();
	const deployment = {
		APP_ENV: 'prod',
		TRUSTED_PROXY_HOPS: '1',
		PUBLIC_ORIGIN: `https://127.0.0.1:${port}`,
		SMTP_URL: 'smtp://127.0.0.1:9',
		MAIL_FROM: 'bench@bench.example',
		BREACH_CHECK_URL: ''
	};
	const child = spawn(process.execPath, ['server.js'], {
		env: { ...process.env, ...deployment, HOST: '127.0.0.1', PORT: String(port) },
		stdio: ['ignore', 'ignore', 'inherit']
	});
	const exit = once(child, 'exit');
	const origin = `http://127.0.0.1:${port}`;
	for (let tries = 0; !(await isReady(origin)); tries++) {
		if (child.exitCode !== null || tries === 300) throw new Error('The server did not start.');
		await sleep(100);
	}
	const stop = async () => {
		child.kill('SIGTERM');
		await exit;
	};
	return { origin, stop };
}

const isReady = (origin: string) =>
	fetch(`${origin}/ready`).then(
		({ ok }) => ok,
		() => false
	);
