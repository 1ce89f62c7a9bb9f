import { Refusal } from './form.svelte.ts';
import type { Reason } from '#server/errors.ts';
import { csrfToken, isMended } from './trpc.ts';

type Sent = Pick<RequestInit, 'body' | 'signal'> & { headers?: Record<string, string> };

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
	for await (const text of linesOf(await post(path, sent))) {
		const line = JSON.parse(text) as Progress | Last | { message: string };
		if ('message' in line) throw new Refusal(String(line.message));
		if (isLast(line)) return line;
		onprogress(line);
	}
	throw new Refusal(broken);
}

/** Sends once more when its person had to sign in again first. */
async function post(path: string, sent: Sent, isAgain = false): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
	const headers = { 'X-CSRF-Token': csrfToken() ?? '', Accept: 'application/json', ...sent.headers };
	const response = await fetch(path, { method: 'POST', ...sent, headers }).catch(() => {
		throw new Refusal();
	});
	if (response.ok && response.body) return response.body;
	const refusal = (await response.json().catch(() => ({}))) as { message?: string; reason?: Reason };
	if (!isAgain && (await isMended(refusal.reason))) return post(path, sent, true);
	throw new Refusal(refusal.message);
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
