import { toast } from 'svelte-sonner';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Says once which devices a sign-in took the place of; the server leaves their names in a cookie. */
export function tellEnded(): void {
	// Reads what is no encoding, too: a sibling domain may have put anything there.
	const names = new URLSearchParams(document.cookie.replaceAll('; ', '&')).get('ended_sessions');
	if (!names) return;
	document.cookie = 'ended_sessions=; Path=/; Max-Age=0';
	const devices = inWords.format(names.split('\n'));
	toast.info(`${devices} had to be signed out: you were signed in in too many places.`, { duration: 15_000 });
}
