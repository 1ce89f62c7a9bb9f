import type { IncomingMessage } from 'node:http';
import { refusals, type Refusal } from './refusals.ts';

const KB = 1024;
const MB = 1024 * KB;

/** Bytes of a body, where no door says otherwise. */
const LIMIT = 64 * KB;

/** Doors that take files, and how many bytes of a body they read. */
const DOORS: [RegExp, number][] = [
	[/^\/orgs\/[^/?]+\/customers\/import(\?|$)/, 10 * MB],
	[/^\/account\/avatar(\?|$)/, 5 * MB + 16 * KB]
];

/** Bytes that are still read, and dropped, of a body that was refused: an answer is heard once all is said. */
const DROPPED = 17 * MB;

/** Seconds that the server waits for a body in all; what comes in buys more, a second by so many bytes. */
const PATIENCE = 15;
const SLOWEST = 8 * KB;

/** How many bytes the body of a request may hold. */
export const limitOf = (url: string): number => DOORS.find(([door]) => door.test(url))?.[1] ?? LIMIT;

/** Whether nobody reads the body anyway. */
const isUnread = ({ method = '' }: IncomingMessage) => ['GET', 'HEAD'].includes(method);

type Coming = { request: IncomingMessage; received: number; waited: number; most: number };

/** Watches bodies as they come in, without keeping any of them. */
export class Bodies {
	#coming = new Set<Coming>();
	#cut: (request: IncomingMessage, refusal: Refusal) => void;

	/** `cut` ends a request that is too slow or too long. */
	constructor(cut: (request: IncomingMessage, refusal: Refusal) => void) {
		this.#cut = cut;
		setInterval(() => this.#wait(), 1000).unref();
	}

	/** Must be called in the turn in which the app begins to read, if it does: from there on, the body flows. */
	watch(request: IncomingMessage, isRefused: boolean): void {
		const { headers, url = '' } = request;
		if (!headers['transfer-encoding'] && !Number(headers['content-length'])) return;
		const most = limitOf(url) + (isRefused || isUnread(request) ? DROPPED : 0);
		const coming = { request, received: 0, waited: 0, most };
		this.#coming.add(coming);
		request.on('data', ({ length }: Buffer) => {
			coming.received += length;
			if (coming.received > coming.most) this.#end(coming, refusals.tooLarge);
		});
		request.once('close', () => this.#coming.delete(coming));
	}

	#wait(): void {
		for (const coming of this.#coming) {
			const { request, received } = coming;
			// A body that fills its buffer waits for us.
			if (!request.complete && request.readableLength < request.readableHighWaterMark) coming.waited++;
			if (coming.waited > PATIENCE + received / SLOWEST) this.#end(coming, refusals.timedOut);
		}
	}

	#end(coming: Coming, refusal: Refusal): void {
		this.#coming.delete(coming);
		this.#cut(coming.request, refusal);
	}
}
