import { toast } from 'svelte-sonner';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Says once which devices a sign-in took the place of; the server leaves their names in a cookie. */
export function tellEnded(): void {
	const names = document.cookie.match(/(?:^|; )ended_sessions=([^;]+)/)?.[1];
	if (!names) return;
	document.cookie = 'ended_sessions=; Path=/; Max-Age=0';
	const devices = inWords.format(decodeURIComponent(names).split('\n'));
	toast.info(`${devices} had to be signed out: you were signed in in too many places.`, { duration: 15_000 });
}
