import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { clientOf } from './address.ts';
import { Bodies } from './body.ts';
import { sharing } from './cors.ts';
import { Crowd } from './crowd.ts';
import { isProbe, refuseHead } from './head.ts';
import { dress } from './headers.ts';
import { asText, refusalOf } from './raw.ts';
import { inJson, isShared, notAllowed, refusals, type Refusal } from './refusals.ts';

/** Milliseconds that the head of a request may take, and a new connection until it says anything. */
const PATIENCE = 15_000;

/** Milliseconds that a connection is kept for its next request: longer than proxies keep one, who would meet its end. */
const KEPT = 65_000;

/** Milliseconds after which a connection is closed on which nothing moves, as where nobody reads the answer. */
const STILL = 120_000;

/** Milliseconds in which an answer that ends its connection is heard. */
const FAREWELL = 1000;

/** Tells what was refused to whoever counts: the built app shares no module with this one. */
const refused = channel('gatehouse:refused');

type App = (request: IncomingMessage, response: ServerResponse, next: () => void) => unknown;

type Options = {
	app: App;
	log: Pick<Logger, 'info' | 'error'>;
	/** The one host that is served; any, where it is not given. */
	host?: string;
	/** Other origins whose pages may call procedures, and read what is refused. */
	origins: readonly string[];
	isDeployed: boolean;
	/** How many proxies of ours append to `X-Forwarded-For`. */
	hops: number;
};

/** What stands before the app: completes the headers of every answer, and refuses what must not reach the app. */
export class Front {
	readonly server: Server = createServer({
		headersTimeout: PATIENCE,
		// A whole request may take as long as its body moves on.
		requestTimeout: 0,
		connectionsCheckingInterval: 1000,
		keepAliveTimeout: KEPT,
		// Probes may leave it out; everybody else is told.
		requireHostHeader: false
	});
	#options: Options;
	#bodies = new Bodies((request, refusal) => this.#turnAway(request.socket, refusal, request));
	/** The latest answer on each connection. */
	#answers = new WeakMap<Duplex, ServerResponse>();
	#crowd = new Crowd();

	constructor(options: Options) {
		this.#options = options;
		this.server
			.setTimeout(STILL)
			.on('request', (request, response) => this.#receive(request, response))
			.on('checkExpectation', (request, response) => this.#receive(request, response, refusals.expectation))
			.on('connect', (request, socket) => this.#turnAway(socket, notAllowed('GET, HEAD'), request))
			.on('clientError', (error, socket) => this.#turnAway(socket, refusalOf(error)));
	}

	#receive(request: IncomingMessage, response: ServerResponse, unmet?: Refusal): void {
		dress(request, response, this.#options.isDeployed);
		this.#answers.set(request.socket, response);
		// Told to stop, it keeps no connection for another request.
		if (!this.server.listening) response.shouldKeepAlive = false;
		response.once('close', () => this.server.listening || this.server.closeIdleConnections());
		const client = this.#clientOf(request);
		const refusal =
			refuseHead(request, this.#options.host) ??
			unmet ??
			(isProbe(request.url ?? '') ? undefined : this.#crowd.refusal(client));
		this.#bodies.watch(request, refusal !== undefined);
		if (refusal) this.#refuse(refusal, request, response);
		else void this.#pass(request, response, client);
	}

	async #pass(request: IncomingMessage, response: ServerResponse, client: string): Promise<void> {
		response.once('close', this.#crowd.enter(client));
		this.#speakFor(request, response);
		try {
			await this.#options.app(request, response, () => response.writeHead(404).end());
		} catch (error) {
			this.#options.log.error({ err: error, requestId: request.headers['x-request-id'] }, 'request failed');
			if (response.headersSent) response.destroy();
			else this.#refuse(refusals.failed, request, response);
		}
	}

	/** The adapter refuses a change of a static file without a word. */
	#speakFor(request: IncomingMessage, response: ServerResponse): void {
		const writeHead = response.writeHead.bind(response);
		response.writeHead = (status: number, ...rest: unknown[]) => {
			response.writeHead = writeHead;
			const isTold = ['content-type', 'content-length'].some((name) => response.hasHeader(name));
			if (status !== 405 || isTold) return writeHead(status, ...(rest as []));
			this.#refuse(notAllowed('GET, HEAD'), request, response);
			return response;
		};
	}

	#clientOf({ socket, headers }: IncomingMessage): string {
		return clientOf(socket.remoteAddress ?? '', headers['x-forwarded-for']?.toString(), this.#options.hops);
	}

	/** Pages that may call may also read why a call did not reach the app. */
	#shared(request: IncomingMessage | undefined) {
		if (!isShared(request?.url ?? '')) return {};
		return sharing(request?.headers.origin, this.#options);
	}

	#refuse(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
		const requestId = String(request.headers['x-request-id']);
		this.#note(refusal, requestId, request.method);
		const body = inJson(refusal, request.url ?? '', requestId);
		const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
		response.writeHead(refusal.status, { ...headers, ...refusal.headers, ...this.#shared(request) }).end(body);
	}

	/** Ends a connection, with an answer where that can still be told from another. */
	#turnAway(socket: Duplex, refusal: Refusal, request?: IncomingMessage): void {
		if (!this.#isFree(socket)) return void socket.destroy();
		const requestId = String(request?.headers['x-request-id'] ?? randomUUID());
		this.#note(refusal, requestId, request?.method);
		const told = { ...refusal, headers: { ...refusal.headers, ...this.#shared(request) } };
		socket.end(asText(told, request?.url ?? '', requestId, this.#options.isDeployed));
		request?.resume();
		setTimeout(() => socket.destroy(), FAREWELL).unref();
	}

	/** Whether nothing was written on a connection yet but answers to requests that are over. */
	#isFree(socket: Duplex): boolean {
		const latest = this.#answers.get(socket);
		if (!latest || !socket.writable) return socket.writable;
		return latest.writableFinished ? latest.req.complete : !latest.headersSent && latest.socket === socket;
	}

	#note({ status, reason }: Refusal, requestId: string, method?: string): void {
		refused.publish({ status });
		this.#options.log.info({ requestId, method, status, reason }, 'request refused');
	}
}
