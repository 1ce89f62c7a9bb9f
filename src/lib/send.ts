import type { Reason } from '#server/errors.ts';
import { Refusal } from './form.svelte.ts';
import { csrfToken, isMended } from './trpc.ts';

export type Sent = Pick<RequestInit, 'body' | 'signal' | 'method'> & { headers?: Record<string, string> };

/**
 * Sends a change to a door beside tRPC, once more when its person had to sign in again first; browser only.
 * @throws {Refusal} in the server's words, or that it cannot be reached
 */
export async function send(path: string, sent: Sent, isAgain = false): Promise<Response> {
	const headers = { 'X-CSRF-Token': csrfToken() ?? '', Accept: 'application/json', ...sent.headers };
	const response = await fetch(path, { method: 'POST', ...sent, headers }).catch(() => {
		throw new Refusal();
	});
	if (response.ok) return response;
	const refusal = (await response.json().catch(() => ({}))) as { message?: string; reason?: Reason };
	if (!isAgain && (await isMended(refusal.reason))) return send(path, sent, true);
	throw new Refusal(refusal.message);
}
