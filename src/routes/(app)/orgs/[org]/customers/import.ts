import { Refusal } from '#lib/form.svelte.ts';
import { csrfToken, isMended } from '#lib/trpc.ts';
import type { Reason } from '#server/errors.ts';

export type Progress = { done: number; total: number };
export type Report = { imported: number; refused: { line: number; email: string; reason: string }[]; kept: boolean };

/**
 * Sends a file of customers, tells of the progress as the server does, and answers its report.
 * @throws {Refusal} in the server's words, or that it cannot be reached
 */
export async function importCustomers(org: string, body: FormData, onprogress: (progress: Progress) => void) {
	for await (const line of linesOf(await post(`/orgs/${org}/customers/import`, body))) {
		const said = JSON.parse(line) as Progress | Report | { message: string };
		if ('imported' in said) return said;
		if ('message' in said) throw new Refusal(said.message);
		onprogress(said);
	}
	throw new Refusal('The connection broke off. Look at the list before you import the file again.');
}

/** Sends a form, and once more when its person had to sign in again first. */
async function post(
	address: string,
	body: FormData,
	isAgain = false
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
	const headers = { 'X-CSRF-Token': csrfToken() ?? '', Accept: 'application/json' };
	const response = await fetch(address, { method: 'POST', body, headers }).catch(() => {
		throw new Refusal();
	});
	if (response.ok && response.body) return response.body;
	const refusal = (await response.json().catch(() => ({}))) as { message?: string; reason?: Reason };
	if (!isAgain && (await isMended(refusal.reason))) return post(address, body, true);
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
