import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

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

const LINE = '\r\n';

/** Says exactly this on a connection of its own, and answers what is said until its end; `drip` goes on each second. */
export function speak(text: string, origin = process.env.E2E_SERVER!, drip?: string): Promise<Answer> {
	const { hostname, port } = new URL(origin);
	return new Promise((resolve) => {
		let said = '';
		const socket = connect(Number(port), hostname).setEncoding('latin1');
		const dripping = setInterval(() => drip && socket.writable && socket.write(drip), 1000);
		// Whoever is refused in the middle of a sentence may find the line cut.
		socket.on('error', () => undefined);
		socket.on('data', (piece) => (said += String(piece)));
		socket.on('close', () => {
			clearInterval(dripping);
			resolve(answerIn(said));
		});
		socket.write(text);
	});
}

function answerIn(said: string): Answer {
	const [head = '', ...body] = said.split(LINE + LINE);
	const [first = '', ...lines] = head.split(LINE);
	const named = lines.map((line) => /^([^:]+): (.*)$/.exec(line)!.slice(1));
	const headers = Object.fromEntries(named.map(([name, value]) => [name!.toLowerCase(), value]));
	return { status: Number(first.split(' ')[1]), headers, body: body.join(LINE + LINE) };
}

/** The head of a request, after which its connection ends. */
export const head = (line: string, ...headers: string[]): string =>
	[`${line} HTTP/1.1`, 'Connection: close', ...headers, '', ''].join(LINE);
