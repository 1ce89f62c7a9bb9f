import { countOf, ROLE_NAMES } from './format.ts';
import type { OrgRole } from './roles.ts';
import { findSetting, type SettingScope } from './settings.ts';

/** Everything that is written into an organisation's audit log. */
export const AUDIT_ACTIONS = [
	'org.created',
	'org.updated',
	'org.deleted',
	'org.suspended',
	'org.activated',
	'org.tier_changed',
	'member.role_changed',
	'member.removed',
	'member.left',
	'invitation.created',
	'invitation.resent',
	'invitation.revoked',
	'invitation.accepted',
	'invitation.declined',
	'customer.created',
	'customer.updated',
	'customer.deleted',
	'customer.imported',
	'setting.changed',
	'credits.granted',
	'key.created',
	'key.updated',
	'key.rotated',
	'key.revoked'
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** An action by itself, as a filter offers it: "Member role changed". */
export function actionName(action: string): string {
	const words = action
		.replace(/^org\./, 'organization.')
		.replace(/^user\./, 'person.')
		.replace(/^key\./, 'API key.')
		.replace(/[._]/g, ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a log answers about one entry, as far as words are made of it. */
export type Entry = {
	action: string;
	actor: { kind: 'user' | 'key' | 'system'; name: string };
	/** Who of support acted for the actor. */
	impersonator: { name: string } | null;
	target: { name: string } | null;
	details: unknown;
};

export type Details = Record<string, unknown>;

const isDetails = (value: unknown): value is Details => typeof value === 'object' && value !== null;
export const detailsOf = (value: unknown): Details => (isDetails(value) ? value : {});
const roleName = (role: unknown): string => ROLE_NAMES[role as OrgRole] ?? 'another role';
const as = ({ role }: Details): string => (role === undefined ? '' : ` as ${roleName(role)}`);
export const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** "name from A to B", for each field that a change tells of. */
function changes({ before, after }: Details, names: Record<string, string>): string {
	const [old, now] = [detailsOf(before), detailsOf(after)];
	const fields = Object.keys(names).filter((field) => field in now);
	return inWords.format(
		fields.map((field) => `the ${names[field]} from “${String(old[field])}” to “${String(now[field])}”`)
	);
}

/** " from free to pro". */
export const tierChange = ({ before, after }: Details): string =>
	typeof before === 'string' && typeof after === 'string' ? ` from ${before} to ${after}` : '';

const customers = (count: unknown): string =>
	typeof count === 'number' ? `${count.toLocaleString('en-US')} customer${count === 1 ? '' : 's'}` : 'customers';

const PARTS: Record<string, string> = { name: 'name', email: 'e-mail address', phone: 'phone number', notes: 'notes' };

/** "the name and notes of ", for what a change tells of. */
function customerParts(details: Details): string {
	const changed = { ...detailsOf(details.after), ...details };
	const parts = Object.keys(PARTS).filter((part) => part in changed);
	return parts.length > 0 ? `the ${inWords.format(parts.map((part) => PARTS[part]!))} of ` : '';
}

function valueOf(value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (typeof value === 'string') return value === '' ? 'nothing' : `“${value}”`;
	return typeof value === 'number' ? value.toLocaleString('en-US') : 'another value';
}

/** "the setting “Overage” from off to on". */
export const settingChange = (scope: SettingScope, key: unknown, { before, after }: Details): string =>
	`the setting “${findSetting(scope, String(key))?.title ?? 'something'}” from ${valueOf(before)} to ${valueOf(after)}`;

export const tokensOf = (count: unknown): string =>
	typeof count === 'number' ? countOf(count, 'AI token') : 'AI tokens';

/** What somebody did to `target`, after their name. */
const PHRASES: Record<AuditAction, (target: string, details: Details, bySystem: boolean) => string> = {
	'org.created': (name) => `created the organization ${name}`,
	'org.updated': (_, details) => `changed ${changes(details, { name: 'name', slug: 'address' }) || 'the organization'}`,
	'org.deleted': (name) => `deleted the organization ${name}`,
	'org.suspended': () => 'suspended the organization',
	'org.activated': () => 'opened the organization again',
	'org.tier_changed': (_, details) => `changed the plan${tierChange(details)}`,
	'member.role_changed': (person, { before, after }) =>
		`changed the role of ${person} from ${roleName(before)} to ${roleName(after)}`,
	'member.removed': (person) => `removed ${person} from the organization`,
	'member.left': () => 'left the organization',
	'invitation.created': (email, details) => `invited ${email}${as(details)}`,
	'invitation.resent': (email, details) => `sent the invitation for ${email}${as(details)} again`,
	'invitation.revoked': (email) => `revoked the invitation for ${email}`,
	'invitation.accepted': (email, details) => `accepted the invitation for ${email}${as(details)}`,
	// Whoever declines needs the link alone, and is then not signed in.
	'invitation.declined': (email, _, bySystem) =>
		bySystem ? `was told that ${email} declines the invitation` : `declined the invitation for ${email}`,
	'customer.created': (name) => `added the customer ${name}`,
	'customer.updated': (name, details) => `changed ${customerParts(details)}the customer ${name}`,
	'customer.deleted': (name) => `deleted the customer ${name}`,
	'customer.imported': (_, { count }) => `imported ${customers(count)}`,
	'setting.changed': (key, details) => `changed ${settingChange('org', key, details)}`,
	'credits.granted': (_, { tokens, reason }) =>
		`granted credits of ${tokensOf(tokens)}${typeof reason === 'string' ? `: ${reason}` : ''}`,
	'key.created': (name, details) => `created the API key ${name}${as(details)}`,
	'key.updated': (name) => `narrowed the API key ${name}`,
	'key.rotated': (name) => `rotated the API key ${name}`,
	'key.revoked': (name) => `revoked the API key ${name}`
};

/** What an entry of an organisation's log says after its actor's name: "changed the role of Mia from Member to Admin". */
export function auditPhrase({ action, actor, target, details }: Entry): string {
	const phrase = Object.hasOwn(PHRASES, action) ? PHRASES[action as AuditAction] : undefined;
	return phrase?.(target?.name ?? 'something', detailsOf(details), actor.kind === 'system') ?? `did “${action}”`;
}

/** " (by support: Grace)", after what was done for somebody by an operator; else nothing. */
export const bySupport = ({ impersonator }: { impersonator?: { name: string } | null }): string =>
	impersonator ? ` (by support: ${impersonator.name})` : '';

/** The whole sentence of an entry. */
export const auditSentence = (entry: Entry): string => `${entry.actor.name}${bySupport(entry)} ${auditPhrase(entry)}.`;
