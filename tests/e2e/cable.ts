import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server as Relay, type Socket } from 'node:net';

/** Stands between a server and its database, and can be cut. */
export class Cable {
	#sockets = new Set<Socket>();
	#relay: Relay;
	#port = 0;
	#databaseUrl: string;

	constructor(databaseUrl: string) {
		this.#databaseUrl = databaseUrl;
		const { hostname, port } = new URL(databaseUrl);
		this.#relay = createServer((near) => {
			const far = connect(Number(port || 5432), hostname);
			for (const socket of [near, far]) this.#sockets.add(socket.on('error', () => undefined));
			near.pipe(far).pipe(near);
		});
	}

	/** Lets them talk to each other; answers the URL of the database at this end. */
	async plug(): Promise<string> {
		this.#relay.listen(this.#port, '127.0.0.1');
		await once(this.#relay, 'listening');
		this.#port = (this.#relay.address() as AddressInfo).port;
		return Object.assign(new URL(this.#databaseUrl), { host: `127.0.0.1:${this.#port}` }).href;
	}

	cut(): void {
		this.#relay.close();
		for (const socket of this.#sockets) socket.destroy();
		this.#sockets.clear();
	}
}
