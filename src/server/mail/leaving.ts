import { APP_NAME, PUBLIC_ORIGIN } from '$app/env/private';
import { exactTime } from '#lib/format.ts';
import { link, type Letter } from './letter.ts';

/** The mails to those who leave, for a while or for good. */
export const leavingTemplates = {
	deactivated: (): Letter => ({
		subject: `Your account at ${APP_NAME} is deactivated`,
		paragraphs: [
			`You were signed out everywhere, and nobody in your organizations sees you. API keys that you made rest.`,
			'Nothing is deleted. Sign in whenever you like, and everything is as it was.',
			'If that was not you, sign in and change your password now.'
		],
		action: { label: 'Sign in', url: `${PUBLIC_ORIGIN}/login` },
		because: `your account at ${APP_NAME} was deactivated.`
	}),

	export_ready: ({ token }: { token: string }): Letter => ({
		subject: `Your data from ${APP_NAME} is ready`,
		paragraphs: [
			`You asked for a copy of all that ${APP_NAME} holds about you.`,
			'Download it within 24 hours: you have to be signed in, and nobody else can open the link.',
			'If you did not ask for it, somebody else is signed in as you: set a new password, which signs them out.'
		],
		action: { label: 'Get your data', url: link('export', token) },
		because: `somebody who is signed in to your account at ${APP_NAME} asked for it.`
	}),

	account_deleted: ({ token, until }: { token: string; until: string }): Letter => ({
		subject: `Your account at ${APP_NAME} is deleted`,
		paragraphs: [
			'You were signed out everywhere, and nothing signs in to your account any more. Nobody sees you, API keys that you made are dead, and so are invitations and links.',
			`Until ${exactTime(new Date(until))} you can take it back with this link. After that, everything that tells of you is erased for good.`,
			'If that was not you, take the account back now, and change its password.'
		],
		action: { label: 'Take it back', url: link('restore', token) },
		because: `your account at ${APP_NAME} was deleted.`
	}),

	account_restored: (): Letter => ({
		subject: `Your account at ${APP_NAME} is yours again`,
		paragraphs: [
			'You took your account back, and nothing of it will be erased. Sign in as you always did.',
			'Invitations that you had sent or were sent stay dead: they can be sent anew.',
			'If that was not you, somebody can read your mail: secure your mailbox first, then set a new password.'
		],
		action: { label: 'Sign in', url: `${PUBLIC_ORIGIN}/login` },
		because: `somebody opened the link that we mailed you when your account at ${APP_NAME} was deleted.`
	}),

	account_erased: (): Letter => ({
		subject: `Everything about you at ${APP_NAME} is erased`,
		paragraphs: [
			'Your account is gone for good, with everything that tells of you: this is your receipt.',
			'What has to be kept, like the logs of organizations, names you by a number that leads nowhere, without address or device. Backups hold the rest until they are overwritten.',
			'This address is free: whoever signs up with it begins anew. We forget it with this mail.'
		],
		because: `the account with this address at ${APP_NAME} was deleted.`
	}),

	sign_up_deleted: (): Letter => ({
		subject: `Someone tried to sign up for ${APP_NAME} with your address`,
		paragraphs: [
			`Your account at ${APP_NAME} is deleted, and can still be taken back, so no new one was made.`,
			'To take it back, open the link in the mail about that. Once the account is erased for good, you can sign up anew: we tell you when.'
		],
		because: `this address belongs to a deleted account at ${APP_NAME}. If it was not you, there is nothing to do.`
	})
};
