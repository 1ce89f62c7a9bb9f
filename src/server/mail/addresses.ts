import { addressInMail } from '#lib/links.ts';
import { APP_NAME, PUBLIC_ORIGIN } from '$app/env/private';
import { link, notYou, type Letter } from './letter.ts';

/** The mails about a change of address. */
export const addressTemplates = {
	confirm_email: ({ token, from }: { token: string; from: string }): Letter => ({
		subject: `Confirm your new e-mail address for ${APP_NAME}`,
		paragraphs: [
			`The account of ${addressInMail(from)} at ${APP_NAME} is to have this address from now on: to sign in, and for its mail.`,
			'Confirm that only if the account is yours. The link works once, for 24 hours.'
		],
		action: { label: 'Confirm email', url: link('confirm-email', token) },
		because: `somebody who is signed in to that account entered this address. ${notYou}`
	}),

	email_change_attempt: (): Letter => ({
		subject: `Someone tried to take your address for another account at ${APP_NAME}`,
		paragraphs: [
			`Somebody who is signed in to another account at ${APP_NAME} entered your address as their new one.`,
			'Nothing happened: the address belongs to your account. If it was you, sign in to this one instead.'
		],
		action: { label: 'Sign in', url: `${PUBLIC_ORIGIN}/login` },
		because: `this address belongs to an account at ${APP_NAME}. If it was not you, there is nothing to do: your account is as it was.`
	}),

	email_change_requested: ({ token, email }: { token: string; email: string }): Letter => ({
		subject: `Your e-mail address for ${APP_NAME} is about to change`,
		paragraphs: [
			`Somebody who is signed in to your account asked to change its address to ${addressInMail(email)}. That happens as soon as it is confirmed from there.`,
			'If that was you, there is nothing to do here. If it was not, stop it now: the link works for 24 hours, before the change and after it.'
		],
		action: { label: 'Undo the change', url: link('undo-email', token) },
		because: `this is the address of your account at ${APP_NAME}.`
	}),

	email_changed: ({ token, email }: { token: string; email: string }): Letter => ({
		subject: `Your e-mail address for ${APP_NAME} was changed`,
		paragraphs: [
			`The address of your account is ${addressInMail(email)} from now on. This one no longer signs you in.`,
			'If that was not you, take your account back now: the link works for 24 hours.'
		],
		action: { label: 'Undo the change', url: link('undo-email', token) },
		because: `this was the address of your account at ${APP_NAME}.`
	}),

	email_confirmed: ({ from }: { from: string }): Letter => ({
		subject: `This is your e-mail address for ${APP_NAME} from now on`,
		paragraphs: [
			`The address of your account at ${APP_NAME} was ${addressInMail(from)}. From now on you sign in with this one, and your mail comes here.`,
			'If that was not you, somebody confirmed it from your mailbox: secure your mailbox first, then contact support.'
		],
		action: { label: 'See your account', url: `${PUBLIC_ORIGIN}/account` },
		because: `this is the address of your account at ${APP_NAME}.`
	}),

	email_change_undone: ({ token }: { token: string }): Letter => ({
		subject: `Your e-mail address for ${APP_NAME} is this one again`,
		paragraphs: [
			'The change of your address was undone. Everybody was signed out of your account, and neither its password nor a connected provider signs in any more: somebody else may have set them.',
			'Set a new password now; providers can be connected again then. The link works once, for one hour.'
		],
		action: { label: 'Set a new password', url: link('reset', token) },
		because: `the change was undone with the link that we mailed to this address.`
	}),

	email_taken_back: (): Letter => ({
		subject: `This is no longer your e-mail address for ${APP_NAME}`,
		paragraphs: [
			`The account at ${APP_NAME} that had this address went back to the one it had before, and everybody was signed out.`,
			'That was done with a link we mailed to that address. If the account is yours, sign in with that address.'
		],
		because: `this was the address of an account at ${APP_NAME}.`
	})
};
