import { providerName, type ProviderId } from '#lib/oauth.ts';
import { APP_NAME, PUBLIC_ORIGIN } from '$app/env/private';
import { countOf, exactTime, ROLE_MEANINGS, ROLE_NAMES } from '#lib/format.ts';
import { addressInMail } from '#lib/links.ts';
import { FEATURES, type QuotaName } from '#lib/plans.ts';
import type { OrgRole } from '#lib/roles.ts';
import { addressTemplates } from './addresses.ts';
import { consoleTemplates } from './console.ts';
import { leavingTemplates } from './leaving.ts';
import { link, notYou, type Letter } from './letter.ts';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Names in it must have passed `withoutLinks`, or what `orgName` asks: the one link is our own. */
type Invitation = { token: string; org: string; inviter: string; role: OrgRole; expiresAt: string };

type QuotaWarning = { org: string; slug: string; quota: QuotaName; level: 80 | 100; used: number; most: number };

/** Devices in words, as `deviceInMail` writes them: those that were signed out, and the one that did it. */
type SessionsEnded = { devices: string[]; by: string };

type NewDevice = { device: string; at: string };

/** How many kinds of devices a mail tells apart. */
const MOST_KINDS = 10;

/** "Firefox on Windows, Chrome on Android (3) and more". */
function kindsOf(devices: string[]): string {
	const kinds = [...Map.groupBy(devices, (device) => device)].sort(([, a], [, b]) => b.length - a.length);
	const shown = kinds.slice(0, MOST_KINDS).map(([device, { length }]) => device + (length > 1 ? ` (${length})` : ''));
	return inWords.format(kinds.length > MOST_KINDS ? [...shown, 'more'] : shown);
}

const USED_UP = {
	80: 'When they are used up, nothing more of it can be used until there is room again, or the plan is changed.',
	100: 'Until there is room again, or the plan is changed, nothing more of it can be used.'
};

const BEYOND_THE_PLAN =
	'What comes next is taken from your credits, and then from overage if your settings allow it. Otherwise the assistant rests until the next month, or until the plan is changed.';

/** Every mail we send, by name. */
export const templates = {
	...addressTemplates,
	...consoleTemplates,
	...leavingTemplates,

	verify: ({ token }: { token: string }): Letter => ({
		subject: `Verify your e-mail address for ${APP_NAME}`,
		paragraphs: [`Welcome to ${APP_NAME}. One click, and your account is ready.`, 'The link works once, for 24 hours.'],
		action: { label: 'Verify email', url: link('verify', token) },
		because: `somebody signed up for ${APP_NAME} with this address. ${notYou}`
	}),

	sign_up_attempt: (): Letter => ({
		subject: `Someone tried to sign up for ${APP_NAME} with your address`,
		paragraphs: [
			`You already have an account at ${APP_NAME}, so no new one was made.`,
			'If it was you, sign in. If you forgot your password, you can set a new one from there.'
		],
		action: { label: 'Sign in', url: `${PUBLIC_ORIGIN}/login` },
		because: `this address belongs to an account at ${APP_NAME}. If it was not you, there is nothing to do: your account is as it was.`
	}),

	reset: ({ token }: { token: string }): Letter => ({
		subject: `Set a new password for ${APP_NAME}`,
		paragraphs: ['You asked for a link to set a new password.', 'It works once, for one hour.'],
		action: { label: 'Set password', url: link('reset', token) },
		because: `somebody asked for a new password for your account at ${APP_NAME}. ${notYou}`
	}),

	password_reset: (): Letter => ({
		subject: `Your password for ${APP_NAME} was reset`,
		paragraphs: [
			'A new password was set with the link we mailed you, and you were signed out everywhere.',
			'If that was not you, somebody can read your mail: secure your mailbox first, then ask for a new link.'
		],
		action: { label: 'Set a new password', url: `${PUBLIC_ORIGIN}/forgot` },
		because: `the password of your account at ${APP_NAME} was reset.`
	}),

	password_changed: (): Letter => ({
		subject: `Your password for ${APP_NAME} was changed`,
		paragraphs: [
			'The password of your account was changed, and all other sessions were signed out.',
			'If that was not you, set a new password now.'
		],
		action: { label: 'Set a new password', url: `${PUBLIC_ORIGIN}/forgot` },
		because: `the password of your account at ${APP_NAME} was changed.`
	}),

	sessions_ended: ({ devices, by }: SessionsEnded): Letter => ({
		subject: `You were signed out of ${APP_NAME} on ${devices.length === 1 ? 'another device' : 'other devices'}`,
		paragraphs: [
			`From ${by} you signed out ${countOf(devices.length, 'other session')} of your account: ${kindsOf(devices)}.`,
			'If that was not you, somebody else is signed in as you: set a new password, which signs them out.'
		],
		action: { label: 'Set a new password', url: `${PUBLIC_ORIGIN}/forgot` },
		because: `sessions of your account at ${APP_NAME} were ended.`
	}),

	new_device: ({ device, at }: NewDevice): Letter => ({
		subject: `New sign-in to your account at ${APP_NAME}`,
		paragraphs: [
			'Somebody signed in to your account in a browser that we have not seen there before.',
			`${device}, on ${exactTime(new Date(at))}. The activity of your account shows where from.`,
			'If that was you, there is nothing to do. If not, set a new password now: it signs everybody out.'
		],
		action: { label: 'Set a new password', url: `${PUBLIC_ORIGIN}/forgot` },
		because: `somebody signed in to your account at ${APP_NAME}.`
	}),

	connection_added: ({ provider }: { provider: ProviderId }): Letter => ({
		subject: `${providerName(provider)} was connected to your account at ${APP_NAME}`,
		paragraphs: [
			`From now on you can sign in to ${APP_NAME} with ${providerName(provider)}, too.`,
			'If that was not you, disconnect it and change your password now.'
		],
		action: { label: 'See your connections', url: `${PUBLIC_ORIGIN}/account/connections` },
		because: `a way to sign in was added to your account at ${APP_NAME}.`
	}),

	connection_removed: ({ provider }: { provider: ProviderId }): Letter => ({
		subject: `${providerName(provider)} was disconnected from your account at ${APP_NAME}`,
		paragraphs: [
			`You can no longer sign in to ${APP_NAME} with ${providerName(provider)}.`,
			'If that was not you, change your password now and connect it again.'
		],
		action: { label: 'See your connections', url: `${PUBLIC_ORIGIN}/account/connections` },
		because: `a way to sign in was removed from your account at ${APP_NAME}.`
	}),

	invitation: ({ token, org, inviter, role, expiresAt }: Invitation): Letter => ({
		subject: `${inviter} invites you to ${org} on ${APP_NAME}`,
		paragraphs: [
			`${inviter} invites you to join ${org} on ${APP_NAME}.`,
			`Your role there: ${ROLE_NAMES[role]}. ${ROLE_MEANINGS[role]}`,
			`The invitation is good until ${exactTime(new Date(expiresAt))}.`
		],
		action: { label: 'See the invitation', url: link('invite', token) },
		because: `this address was invited to ${org}. If you do not want to join, ignore this mail: nothing happens without the link above.`
	}),

	invitation_declined: ({ email, org }: { email: string; org: string }): Letter => ({
		subject: `Your invitation to ${org} was declined`,
		paragraphs: [
			`Your invitation of ${addressInMail(email)} to join ${org} on ${APP_NAME} was declined.`,
			'The link is dead. If that was a mistake, you can invite them again.'
		],
		because: `you invited ${addressInMail(email)} to ${org}.`
	}),

	key_created: ({ org, slug, name, prefix }: { org: string; slug: string; name: string; prefix: string }): Letter => ({
		subject: `An API key of ${org} was created in your name at ${APP_NAME}`,
		paragraphs: [
			`The key “${name}” (${prefix}…) can now act in ${org}, with no more rights than you have there.`,
			'If that was not you, revoke it and change your password now.'
		],
		action: { label: 'See the keys', url: `${PUBLIC_ORIGIN}/orgs/${slug}/keys` },
		because: `you are an admin of ${org}, and a key acts in your name.`
	}),

	key_rotated: ({ org, slug, name, prefix }: { org: string; slug: string; name: string; prefix: string }): Letter => ({
		subject: `An API key of ${org} got another secret at ${APP_NAME}`,
		paragraphs: [
			`The key “${name}” now begins with ${prefix}…, and its secret before that is used no longer, or for a while only.`,
			'If that was not you, revoke it and change your password now.'
		],
		action: { label: 'See the keys', url: `${PUBLIC_ORIGIN}/orgs/${slug}/keys` },
		because: `you are an admin of ${org}, and rotated one of its keys.`
	}),

	quota_warning: ({ org, slug, quota, level, used, most }: QuotaWarning): Letter => ({
		subject: `${org} has used ${level} % of its ${FEATURES[quota].title} at ${APP_NAME}`,
		paragraphs: [
			`${org} has used ${countOf(used, FEATURES[quota].noun)} of the ${countOf(most, FEATURES[quota].noun)} that its plan includes${FEATURES[quota].per === 'month' ? ' this month' : ''}.`,
			quota === 'ai_tokens' ? BEYOND_THE_PLAN : USED_UP[level]
		],
		action: { label: 'See the usage', url: `${PUBLIC_ORIGIN}/orgs/${slug}/usage` },
		because: `you are an admin of ${org}.`
	})
};

export type Templates = typeof templates;
export type TemplateName = keyof Templates;
export type Props<Name extends TemplateName> =
	Parameters<Templates[Name]> extends [infer P] ? P : Record<string, never>;
