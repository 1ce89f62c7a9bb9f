import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './loopback.ts';

type Asked = {
	model: string;
	stream?: boolean;
	stream_options?: { include_usage?: boolean };
	max_tokens: number;
	messages: { role: string; content: string }[];
};

/** What the model does with a question; what it leaves out, a good one would do. */
type Conduct = {
	pieces?: string[];
	/** Tokens as it tells them; `null` for one that tells none. */
	usage?: { prompt_tokens: unknown; completion_tokens: unknown } | null;
	/** Milliseconds between the pieces. */
	pause?: number;
	/** Breaks off after so many pieces. */
	breaksAfter?: number;
};

const PATH = '/v1/chat/completions';

/** A server that speaks OpenAI's chat completions, at once or in pieces, and remembers what it was asked. */
export async function startModel() {
	const asked: (Asked & { key: string | undefined })[] = [];
	const conduct: { of: (nth: number) => Conduct } = { of: () => ({}) };
	/** Tokens that it has charged for. */
	const charged = { tokens: 0 };
	/** Answers that nobody waited for. */
	const left = { times: 0 };

	async function answer(request: IncomingMessage, response: ServerResponse) {
		const body = JSON.parse(await text(request)) as Asked;
		const nth = asked.push({ ...body, key: request.headers.authorization }) - 1;
		const { pieces = ['A summary.'], usage, pause = 0, breaksAfter = Infinity } = conduct.of(nth);
		const told = usage === undefined ? { prompt_tokens: 100, completion_tokens: 20 } : usage;
		charged.tokens += Number(told?.prompt_tokens ?? 0) + Number(told?.completion_tokens ?? 0);
		response.on('close', () => response.writableFinished || left.times++);
		const wait = () => new Promise((resolve) => setTimeout(resolve, pause));
		if (!body.stream) {
			await wait();
			const choices = [{ index: 0, message: { role: 'assistant', content: pieces.join('') }, finish_reason: 'stop' }];
			response.writeHead(200, { 'Content-Type': 'application/json' });
			return response.end(
				JSON.stringify({ id: 'x', object: 'chat.completion', choices, ...(told && { usage: told }) })
			);
		}
		response.writeHead(200, { 'Content-Type': 'text/event-stream' });
		const send = (chunk: object) => response.write(`data: ${JSON.stringify({ id: 'x', ...chunk })}\n\n`);
		for (const [at, content] of pieces.entries()) {
			if (at >= breaksAfter) return response.destroy();
			send({ choices: [{ index: 0, delta: { content } }] });
			await wait();
		}
		if (body.stream_options?.include_usage && told) send({ choices: [], usage: told });
		return response.end('data: [DONE]\n\n');
	}

	const server = await listen((request, response) => void answer(request, response));
	const baseUrl = `${server.url}/v1`;
	const refuse = (status: number) =>
		server.spoilt.set(PATH, (_, response) =>
			response
				.writeHead(status, { 'Content-Type': 'application/json', Location: '/elsewhere' })
				.end(JSON.stringify({ error: { message: 'Incorrect API key provided: sk-canary.', type: 'x', code: 'y' } }))
		);
	return { ...server, baseUrl, messages: asked, conduct, charged, left, refuse };
}
