import { detailsOf, list, settingChange, tierChange, tokensOf, type Details } from './audit.ts';
import { countOf, exactTime } from './format.ts';
import { tierChanges } from './tiers.ts';

/** What somebody who runs the service did to `target`, after their name; all that the console's log can hold. */
const PHRASES = {
	'org.created': (name) => `founded the organization ${name}`,
	'org.updated': (name, { changed }) => `changed the ${list(changed).join(' and the ')} of ${name}`,
	'org.suspended': (name, { reason }) => `suspended the organization ${name}: ${String(reason)}`,
	'org.activated': (name) => `opened the organization ${name} again`,
	'org.tier_changed': (name, details) => `changed the plan of ${name}${tierChange(details)}`,
	'org.admin_invited': (name) => `invited an admin to ${name}`,
	'org.credits_granted': (name, { tokens, reason }) =>
		`granted ${name} credits of ${tokensOf(tokens)}: ${String(reason)}`,
	'user.impersonated': (person, { reason }) => `began to act as ${person}: ${String(reason)}`,
	'user.impersonation_ended': (person) => `ceased to act as ${person}`,
	'user.created': (name) => `made an account for ${name}`,
	'user.verified': (name) => `verified the address of ${name}`,
	'user.suspended': (name, { reason, until }) =>
		`suspended ${name}${typeof until === 'string' ? ` until ${exactTime(new Date(until))}` : ''}: ${String(reason)}`,
	'user.activated': (name) => `lifted the suspension of ${name}`,
	'user.sessions_ended': (name, { count }) => `ended ${countOf(Number(count), 'session')} of ${name}`,
	'user.reset_sent': (name) => `sent ${name} a link to set a password`,
	'user.sys_admin_changed': (name, { after }) =>
		after ? `made ${name} a system admin` : `took the standing of a system admin from ${name}`,
	'user.anonymized': (name) => `erased ${name} for good`,
	'setting.changed': (key, details) => `changed ${settingChange('system', key, details)}`,
	'tier.updated': (key, details) => `changed ${tierChanges(details)} of the tier ${key}`,
	'job.retried': (task, { count }) => `had ${countOf(Number(count), 'failed job')} of ${task} tried again`,
	'mail.tested': () => 'sent a test mail to themselves'
} satisfies Record<string, (target: string, details: Details) => string>;

export type AdminAction = keyof typeof PHRASES;

export const ADMIN_ACTIONS = Object.keys(PHRASES) as AdminAction[];

type Entry = { action: string; target: { name: string } | null; details: unknown };

/** What an entry of the console's log says after its actor's name: "founded the organization Acme". */
export function adminPhrase({ action, target, details }: Entry): string {
	const phrase = Object.hasOwn(PHRASES, action) ? PHRASES[action as AdminAction] : undefined;
	return phrase?.(target?.name ?? 'something', detailsOf(details)) ?? `did “${action}”`;
}
