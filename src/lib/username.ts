import { isReserved } from './slug.ts';

/** Words beside those of slugs that somebody could take for the service, or for nobody. */
const RESERVED = new Set(
	(
		'abuse administrator all anonymous bot deleted everyone gatehouse here hostmaster moderator nobody noreply null ' +
		'operator postmaster staff sysadmin team undefined webmaster you'
	).split(' ')
);

/** Whether a username would mislead; underscores around and between its letters change nothing of that. */
export function isReservedUsername(username: string): boolean {
	const letters = username.replaceAll('_', '');
	return RESERVED.has(letters) || isReserved(letters);
}
