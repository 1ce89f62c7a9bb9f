import { APP_ENV, MAIL_FROM, PUBLIC_ORIGIN } from '$app/env/private';
import { open, seal, sign } from '../crypto.ts';
import { db, type Db } from '../db.ts';
import { normalizeEmail, uuid } from '../fields.ts';
import { queueJobs } from '../jobs.ts';
import { log } from '../log.ts';
import { countMail } from '../metrics/registry.ts';
import { renderHtml, renderText } from './layout.ts';
import type { Letter } from './letter.ts';
import {
	failAbandoned,
	findDevMail,
	findUnsentMail,
	insertDevMail,
	insertMails,
	listDevMail,
	markFailed,
	markSent
} from './queries.ts';
import { templates, type Props, type TemplateName } from './templates.ts';
import { transport, type Transport } from './transport.ts';

/** Mail leaves with its transaction or not at all. Its props may hold a link, so they are stored sealed. */
export const queueMail = <Name extends TemplateName>(tx: Db, to: string, template: Name, props: Props<Name>) =>
	queueMails(tx, template, [{ to, props }]);

type Addressed<Name extends TemplateName> = { to: string; props: Props<Name> };

/** The last mail to somebody who is erased: its row forgets the address as soon as it is over. */
export const queueFarewell = <Name extends TemplateName>(tx: Db, to: string, template: Name, props: Props<Name>) =>
	queueMails(tx, template, [{ to, props }], true);

/** The same mail to several, each with props of their own. */
export async function queueMails<Name extends TemplateName>(
	tx: Db,
	template: Name,
	mails: Addressed<Name>[],
	forgets = false
) {
	const written = await writeMails(tx, template, mails, forgets);
	await queueJobs(
		tx,
		'mail',
		written.map(({ id }) => ({ mailId: id })),
		'mailId'
	);
}

/** The same without a job: whoever asks delivers them, once the transaction has ended. */
export const writeMails = <Name extends TemplateName>(
	tx: Db,
	template: Name,
	mails: Addressed<Name>[],
	forgets = false
) =>
	insertMails(
		tx,
		mails.map(({ to, props }) => ({ to, template, sealedProps: seal('mail', JSON.stringify(props)), forgets }))
	);

/**
 * Sends one mail and notes it. A crash between the two sends it again, under the same Message-ID, so that
 * mail programs show it once. After the last try the mail is given up, and says why.
 */
export async function deliver(id: string, isLast: boolean, by: Transport = transport): Promise<void> {
	const mail = await findUnsentMail(db, id);
	if (!mail?.sealedProps) return;
	try {
		const props = JSON.parse(open('mail', mail.sealedProps)) as never;
		await send(mail, templates[mail.template as TemplateName](props), by);
		await markSent(db, id);
		countMail('sent');
		log.info({ mailId: id, template: mail.template }, 'mail sent');
	} catch (cause) {
		const error = mail.forgets ? new Error('The mail server did not take it.') : cause;
		const reason = error instanceof Error ? error.message : String(error);
		countMail(isLast ? 'given_up' : 'failed');
		await markFailed(db, id, reason, isLast);
		if (isLast) log.error({ mailId: id, template: mail.template, reason }, 'mail given up');
		throw error;
	}
}

/** Gives up the mails whose last try ended with its process, which could not say so any more. */
export async function giveUpAbandoned(): Promise<void> {
	for (const { id, template } of await failAbandoned(db)) log.error({ mailId: id, template }, 'mail given up');
}

/** By what development finds the mails that forgot an address; who sees it does not see the address. */
const forgotten = (to: string) => sign('farewell', to);

type Outgoing = { id: string; to: string; forgets: boolean };

async function send({ id, to, forgets }: Outgoing, letter: Letter, by: Transport): Promise<void> {
	const { subject } = letter;
	const text = renderText(letter);
	const html = renderHtml(letter);
	const messageId = `<${id}@${new URL(PUBLIC_ORIGIN).hostname}>`;
	await by?.sendMail({ from: MAIL_FROM, to: { name: '', address: to }, subject, text, html, messageId });
	if (APP_ENV === 'dev') await insertDevMail(db, { id, to: forgets ? forgotten(to) : to, subject, text, html });
}

/** What development sent, newest first. */
export async function listSentMail(to?: string) {
	if (to === undefined) return listDevMail(db);
	const address = normalizeEmail(to.replaceAll('\0', ''));
	const mails = await listDevMail(db, [address, forgotten(address)]);
	return mails.map((mail) => ({ ...mail, to: address }));
}

export const findSentMail = async (id: string) => (uuid.safeParse(id).success ? findDevMail(db, id) : undefined);
