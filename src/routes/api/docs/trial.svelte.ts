import { createContext } from 'svelte';

/** What is tried with, whatever is tried; kept by this page alone, and gone with it. */
export class Trial {
	key = $state('');
	org = $state('');
}

export const [useTrial, provideTrial] = createContext<Trial>();
