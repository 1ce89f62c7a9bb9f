import { APP_NAME } from '$app/env/private';
import { exactTime } from '#lib/format.ts';
import { link, notYou, type Letter } from './letter.ts';

/** The mails that those who run the service send. */
export const consoleTemplates = {
	test: (): Letter => ({
		subject: `A test mail of ${APP_NAME}`,
		paragraphs: ['Mail arrives: the mail server took this one, and it found its way to you.'],
		because: `you asked for it in the console of ${APP_NAME}.`
	}),

	reset_offered: ({ token }: { token: string }): Letter => ({
		subject: `Set a new password for ${APP_NAME}`,
		paragraphs: [
			`An administrator of ${APP_NAME} sends you this link to set a password.`,
			'It works once, for one hour. Later you can ask for another one on the sign-in page.'
		],
		action: { label: 'Set password', url: link('reset', token) },
		because: `an administrator was asked for help with your account at ${APP_NAME}. ${notYou}`
	}),

	account_created: ({ token, expiresAt }: { token: string; expiresAt: string }): Letter => ({
		subject: `Your account at ${APP_NAME}`,
		paragraphs: [
			`An administrator of ${APP_NAME} made an account for this address. Choose a password, and it is yours.`,
			`The link works once, until ${exactTime(new Date(expiresAt))}. Later, “Forgot password?” sends you another one.`
		],
		action: { label: 'Set password', url: link('reset', token) },
		because: `an account at ${APP_NAME} was made for this address. If you do not want it, ignore this mail.`
	})
};
