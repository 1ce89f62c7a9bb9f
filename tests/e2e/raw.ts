import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };
export type Question = { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer };

/** Sends a request as it is written: `fetch` would tidy up its path first. Redirects are answers. */
export function send(path: string, question: Question = {}, origin = process.env.E2E_ORIGIN!): Promise<Answer> {
	const { method = 'GET', headers, body } = question;
	const { hostname, port } = new URL(origin);
	return new Promise((resolve, reject) => {
		const outgoing = request({ hostname, port, path, method, headers }, (incoming) => {
			const chunks: Buffer[] = [];
			incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
			incoming.on('error', reject);
			incoming.on('end', () => {
				const { statusCode = 0, headers } = incoming;
				resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
			});
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
