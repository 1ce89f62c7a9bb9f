import { BlockList, isIPv6 } from 'node:net';
import { networkOf } from './address.ts';
import { refusals, type Refusal } from './refusals.ts';

/** Requests that are in progress at the most; who comes after them is told to come again. */
const MOST = 1000;

/** How many of them may be one network's, so that no client takes the place of all others by being slow. */
const SHARE = 250;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** This machine's own address is that of a proxy beside us, or of a tool: it shares with nobody. */
const isShared = (client: string) => client !== '' && !loopback.check(client, isIPv6(client) ? 'ipv6' : 'ipv4');

/** The requests that are in progress, in all and of each network. */
export class Crowd {
	#inProgress = 0;
	#of = new Map<string, number>();

	/** Why a client has to wait with one more; nothing where there is room. */
	refusal(client: string): Refusal | undefined {
		if (this.#inProgress >= MOST) return refusals.overloaded;
		if (isShared(client) && this.#countOf(networkOf(client)) >= SHARE) return refusals.crowding;
	}

	/** Begins a request; answers what ends it. */
	enter(client: string): () => void {
		const network = networkOf(client);
		this.#inProgress++;
		this.#of.set(network, this.#countOf(network) + 1);
		return () => {
			this.#inProgress--;
			const left = this.#countOf(network) - 1;
			if (left > 0) this.#of.set(network, left);
			else this.#of.delete(network);
		};
	}

	#countOf = (network: string) => this.#of.get(network) ?? 0;
}
