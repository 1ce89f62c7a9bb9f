import { createContext } from 'svelte';
import { toast } from 'svelte-sonner';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '#server/router.ts';
import { Lazy } from './lazy.svelte.ts';
import { trpc } from './trpc.ts';

const asksForProof = (error: unknown): boolean =>
	error instanceof TRPCClientError && (error as TRPCClientError<AppRouter>).data?.reason === 'step_up_required';

/** How a person can confirm; asked each time, for the page below the dialog may know nothing of it. */
async function findWays() {
	const [{ email, hasPassword }, connections] = await Promise.all([
		trpc.account.get.query(),
		trpc.account.connections.query()
	]);
	return { email, hasPassword, connected: connections.map(({ provider }) => provider) };
}

/** Asks whoever is signed in to confirm that it is them, for what wants a proof no older than ten minutes. */
class StepUp {
	ways = $state.raw<Awaited<ReturnType<typeof findWays>>>();
	/** Where the person goes on who leaves for a provider. */
	next = $state('');
	dialog = new Lazy(() => import('./components/StepUpDialog.svelte'));
	#answer: (isProven: boolean) => void = () => undefined;

	/** Answers whether they did. Who confirms at a provider comes back to `next`, and not to this answer. */
	async ask(next = location.pathname + location.search): Promise<boolean> {
		const [isThere, ways] = await Promise.all([this.dialog.want(), findWays().catch(() => undefined)]);
		if (!ways) toast.error('Could not reach the server. Check your connection and try again.');
		if (!isThere || !ways) return false;
		this.next = next;
		this.ways = ways;
		return new Promise((resolve) => (this.#answer = resolve));
	}

	/** Ends the dialog, by what it is for or by giving up. */
	settle(isProven: boolean): void {
		this.ways = undefined;
		this.#answer(isProven);
	}

	/** Makes a call, and once more when it asked for a proof and the person gave one; else throws what it refused. */
	async guard<T>(call: () => Promise<T>): Promise<T> {
		try {
			return await call();
		} catch (error) {
			if (!asksForProof(error) || !(await this.ask())) throw error;
			return call();
		}
	}
}

const [useStepUp, setStepUp] = createContext<StepUp>();
export { useStepUp };

/** Made once by the layout of those who are signed in, which also holds its dialog. */
export const provideStepUp = () => setStepUp(new StepUp());
