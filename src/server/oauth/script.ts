import type { Providers } from './providers.ts';

/** Whether the pages may offer One Tap: the script of Google speaks for Google's own issuer and for no other. */
export const offersOneTap = ({ google }: Providers): boolean => google?.issuer === 'https://accounts.google.com';

/** What the script needs beyond the policy of our pages, as Google documents it. */
const SOURCES: Record<string, string> = {
	'script-src': 'https://accounts.google.com/gsi/client',
	'style-src': 'https://accounts.google.com/gsi/style',
	'frame-src': 'https://accounts.google.com/gsi/',
	'connect-src': 'https://accounts.google.com/gsi/'
};

/** The policy of a page, widened for the script of Google. */
export const letGoogleIn = (policy: string): string =>
	policy
		.split(/; */)
		.map((directive) => [directive, SOURCES[directive.split(' ', 1)[0]!]].filter(Boolean).join(' '))
		.join('; ');
