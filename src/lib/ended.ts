import { toast } from 'svelte-sonner';
import { take } from './cookie.ts';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Says once which devices a sign-in took the place of: more sessions at once are not allowed. */
export function tellEnded(): void {
	const names = take('ended_sessions');
	if (!names) return;
	const devices = inWords.format(names.split('\n'));
	toast.info(`${devices} had to be signed out: you were signed in in too many places.`, { duration: 15_000 });
}
