import { Refusal } from './form.svelte.ts';
import { send, type Sent } from './send.ts';

type Reader<Progress, Last extends object> = {
	/** Tells the last line from those before it. */
	isLast: (line: Progress | Last) => line is Last;
	onprogress: (line: Progress) => void;
	/** What to say when the lines end without the last one. */
	broken: string;
};

/**
 * Sends a change to a door that answers line by line, and answers the last line; browser only.
 * @throws {Refusal} in the server's words, or that it cannot be reached
 */
export async function postForLines<Progress extends object, Last extends object>(
	path: string,
	sent: Sent,
	{ isLast, onprogress, broken }: Reader<Progress, Last>
): Promise<Last> {
	const { body } = await send(path, sent);
	if (!body) throw new Refusal(broken);
	for await (const text of linesOf(body)) {
		const line = JSON.parse(text) as Progress | Last | { message: string };
		if ('message' in line) throw new Refusal(String(line.message));
		if (isLast(line)) return line;
		onprogress(line);
	}
	throw new Refusal(broken);
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = '';
	for (;;) {
		const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
		if (done) break;
		const lines = (rest + value).split('\n');
		rest = lines.pop() ?? '';
		yield* lines;
	}
	if (rest) yield rest;
}
