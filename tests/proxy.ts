import { Agent, request, type RequestListener } from 'node:http';

/** Passes requests on, each to the origin that `next` names then, with the client's address appended as proxies do. */
export function passing(next: () => string): RequestListener {
	const agent = new Agent({ keepAlive: true });
	return (incoming, response) => {
		const { hostname, port } = new URL(next());
		const { url: path, method, headers, socket } = incoming;
		const forwarded = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
		const passed = { ...headers, 'x-forwarded-for': forwarded };
		const outgoing = request({ hostname, port, path, method, headers: passed, agent }, (answer) => {
			response.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(response);
		});
		outgoing.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
		incoming.pipe(outgoing);
	};
}

/** Names them one after the other, and begins again. */
export function inTurn(origins: string[]): () => string {
	let turn = 0;
	return () => origins[turn++ % origins.length]!;
}
