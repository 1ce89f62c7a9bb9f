import { detailsOf, list, settingChange, type Details } from './audit.ts';
import { deviceName } from './device.ts';
import { countOf } from './format.ts';
import { providerName } from './oauth.ts';

/** Everything that is noted of a person's own account. */
export const ACCOUNT_ACTIONS = [
	'account.created',
	'account.deactivated',
	'account.deleted',
	'account.restored',
	'account.exported',
	'account.reactivated',
	'account.verified',
	'account.suspended',
	'account.activated',
	'account.sys_admin_changed',
	'profile.updated',
	'password.changed',
	'password.reset',
	'email.change_requested',
	'email.change_cancelled',
	'email.changed',
	'email.change_undone',
	'connection.added',
	'connection.removed',
	'setting.changed',
	'sign_up.discarded',
	'session.started',
	'session.impersonated',
	'session.ended'
] as const;
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

const PROFILE: Record<string, string> = {
	username: 'username',
	firstName: 'first name',
	lastName: 'last name',
	timeZone: 'time zone',
	avatarUrl: 'picture'
};

/** Which session was ended, where it was not the one that asked. */
function sessionEnded({ reason, device, count }: Details): string {
	const named = deviceName(String(device));
	if (reason === 'revoked') return `Signed out ${named}`;
	if (reason === 'cap') return `Signed out ${named}, the least recently used of too many sessions`;
	if (reason === 'service') return `An administrator ended ${countOf(Number(count), 'session')}`;
	if (reason === 'others') return `Signed out ${countOf(Number(count), 'other session')}`;
	return 'Signed out';
}

const ACCOUNT_PHRASES: Record<AccountAction, (details: Details) => string> = {
	'account.created': () => 'Account created',
	'account.deactivated': () => 'Account deactivated',
	'account.deleted': () => 'Account deleted',
	'account.exported': () => 'Asked for a copy of all data of the account',
	'account.restored': () => 'Took the deleted account back through a link from an e-mail',
	'account.reactivated': () => 'Came back to a deactivated account',
	'account.verified': () => 'An administrator verified the e-mail address',
	'account.suspended': () => 'An administrator suspended the account',
	'account.activated': () => 'An administrator lifted the suspension',
	'account.sys_admin_changed': ({ after }) => (after ? 'Made a system admin' : 'Is no system admin any more'),
	'profile.updated': ({ changed }) =>
		`Changed ${inWords.format(list(changed).map((field) => PROFILE[field] ?? field)) || 'the profile'}`,
	'password.changed': () => 'Password changed',
	'password.reset': () => 'Password set through a link from an e-mail',
	'email.change_requested': () => 'Asked for a change of the e-mail address',
	'email.change_cancelled': () => 'Cancelled the change of the e-mail address',
	'email.changed': () => 'Changed the e-mail address',
	'email.change_undone': () => 'Took the e-mail address back through a link from an e-mail',
	'connection.added': ({ provider }) => `Connected ${providerName(provider)}`,
	'connection.removed': ({ provider }) => `Disconnected ${providerName(provider)}`,
	'setting.changed': ({ key, ...details }) => `Changed ${settingChange('user', key, details)}`,
	'sign_up.discarded': () => 'Dropped what others had begun with this address and never verified',
	'session.started': ({ remembered, provider }) =>
		`Signed in${provider ? ` with ${providerName(provider)}` : ''}${remembered ? ', to be remembered' : ''}`,
	'session.impersonated': () => 'Signed in to your account to help',
	'session.ended': sessionEnded
};

/** What an event of one's own account says. */
export function accountPhrase({ action, details }: { action: string; details: unknown }): string {
	const phrase = Object.hasOwn(ACCOUNT_PHRASES, action) ? ACCOUNT_PHRASES[action as AccountAction] : undefined;
	return phrase?.(detailsOf(details)) ?? action;
}
