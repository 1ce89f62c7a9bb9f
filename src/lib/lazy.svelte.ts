import { toast } from 'svelte-sonner';

/** A component whose code is fetched when it is first wanted, and not with the page. */
export class Lazy<Component> {
	component = $state<Component>();
	#load: () => Promise<{ default: Component }>;

	constructor(load: () => Promise<{ default: Component }>) {
		this.#load = load;
	}

	/** Answers whether it is there; where it could not be fetched, the person is told. */
	async want(): Promise<boolean> {
		try {
			this.component ??= (await this.#load()).default;
			return true;
		} catch {
			toast.error('This part of the page could not be loaded. Reload the page and try again.');
			return false;
		}
	}
}
