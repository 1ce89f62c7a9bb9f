import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's server, on loopback: the paths it was asked for, and other answers for those that a test spoils. */
export async function listen(answer: RequestListener) {
	const asked: string[] = [];
	const spoilt = new Map<string, RequestListener>();
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url!, 'http://localhost');
		asked.push(pathname);
		(spoilt.get(pathname) ?? answer)(request, response);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	server.unref();
	const stop = () => {
		server.closeAllConnections();
		server.close();
	};
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, spoilt, stop };
}
