import { afterNavigate, goto } from '$app/navigation';
import { navigating, page } from '$app/state';
import { addressWith } from './address.ts';

/** How long the address waits for the next key, in milliseconds. */
const PAUSE_MS = 250;

/** What a list is filtered by: fields that stand in the address bar. Make it while a component is set up. */
export class Filters<Name extends string> {
	values = $state() as Record<Name, string>;
	readonly #names: readonly Name[];
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(...names: Name[]) {
		this.#names = names;
		this.#read();
		// Its own navigations it does not follow: one may have typed on meanwhile.
		afterNavigate(({ type }) => {
			if (type !== 'goto') this.#read();
		});
	}

	/** Shows the list for what the fields say now. */
	apply = (): void => {
		clearTimeout(this.#timer);
		const address = addressWith(navigating.to?.url ?? page.url, this.values);
		void goto(address, { replace: true, reset: false });
	};

	/** The same once nobody has typed for a moment. */
	applySoon = (): void => {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(this.apply, PAUSE_MS);
	};

	#read(): void {
		const entries = this.#names.map((name) => [name, page.url.searchParams.get(name) ?? '']);
		this.values = Object.fromEntries(entries) as Record<Name, string>;
	}
}
