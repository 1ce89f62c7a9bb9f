import type { KeyPermission } from '#lib/roles.ts';

/** What each permission lets a program do, as a person chooses it. */
export const MEANINGS: Record<KeyPermission, string> = {
	'org.read': 'See the organization',
	'members.read': 'See its members',
	'customers.read': 'See customers',
	'customers.write': 'Add, edit and delete customers',
	'usage.read': 'See its usage'
};

/** A number that was typed; null where nothing was. What is no number the server refuses. */
export const numberIn = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed));

/** Networks that were typed, one by one; null where none was. */
function networksIn(typed: string): string[] | null {
	const networks = typed.split(/[\s,;]+/).filter(Boolean);
	return networks.length > 0 ? networks : null;
}

/** How often a key may call, and from where, as it is typed. */
export type TypedLimits = { ratePerMinute: string; monthlyCalls: string; networks: string };

/** The same as it is sent. */
export const limitsIn = ({ ratePerMinute, monthlyCalls, networks }: TypedLimits) => ({
	ratePerMinute: numberIn(ratePerMinute),
	monthlyCalls: numberIn(monthlyCalls),
	allowedIps: networksIn(networks)
});
