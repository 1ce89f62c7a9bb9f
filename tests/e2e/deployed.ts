import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { passing } from '../proxy.ts';
import { DEPLOYED, test as base, type Server } from './server.ts';

/** A key that everybody knows, and its certificate for localhost and 127.0.0.1: it only lets a browser speak https. */
export const TLS = 'tests/e2e/tls.pem';

/** Ends TLS on 127.0.0.1, as the proxy of a deployment does; `target` is the server behind it, once it is there. */
async function startProxy() {
	const proxy = { origin: '', target: '', stop: () => void server.close().closeAllConnections() };
	const pem = readFileSync(TLS);
	const server = createServer(
		{ key: pem, cert: pem },
		passing(() => proxy.target)
	);
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	proxy.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return proxy;
}

/** Tests that deploy the app for browsers: on https, with Strict cookies, and mail to nobody. */
export const test = base.extend<{ deploy: (env: Record<string, string>) => Promise<Server> }>({
	ignoreHTTPSErrors: true,
	deploy: async ({ serve, page }, use) => {
		const proxies: Awaited<ReturnType<typeof startProxy>>[] = [];
		await use(async (env) => {
			const proxy = await startProxy();
			proxies.push(proxy);
			const server = await serve({ ...DEPLOYED, PUBLIC_ORIGIN: proxy.origin, ...env });
			proxy.target = server.origin;
			return { ...server, origin: proxy.origin };
		});
		// A page that is still loading would complain that its server is gone.
		await page.goto('about:blank');
		for (const proxy of proxies) proxy.stop();
	}
});
