import { sql } from 'kysely';
import type { Db } from '../db.ts';

export type NewMail = { to: string; template: string; sealedProps: Buffer; forgets?: boolean };

export const insertMails = (db: Db, mails: NewMail[]) =>
	db
		.insertInto('mail')
		.values(mails.map(({ to, template, sealedProps, forgets }) => ({ to, template, sealedProps, forgets })))
		.returning('id')
		.execute();

/** A mail that still has to go out. */
export const findUnsentMail = (db: Db, id: string) =>
	db
		.selectFrom('mail')
		.where('id', '=', id)
		.where('sentAt', 'is', null)
		.where('failedAt', 'is', null)
		.select(['id', 'to', 'template', 'sealedProps', 'forgets'])
		.executeTakeFirst();

/** What is left of an address when its mail is over: nothing, where the mail forgets. */
const LEFT = sql<string>`case when forgets then '' else "to" end`;

/** What the mail held in secret goes with its delivery. */
export const markSent = (db: Db, id: string) =>
	db
		.updateTable('mail')
		.where('id', '=', id)
		.set({ sentAt: new Date(), sealedProps: null, lastError: null, to: LEFT })
		.execute();

export const markFailed = (db: Db, id: string, error: string, last: boolean) =>
	db
		.updateTable('mail')
		.where('id', '=', id)
		.set(last ? { lastError: error, failedAt: new Date(), sealedProps: null, to: LEFT } : { lastError: error })
		.execute();

/** Marks the mails as failed whose jobs have no try left, and which nobody carries any more. */
export const failAbandoned = async (db: Db) => {
	const { rows } = await sql<{ id: string; template: string }>`
		update mail set failed_at = now(), sealed_props = null, "to" = ${LEFT},
			last_error = 'The server stopped during the last try. The mail may have gone out.'
		from graphile_worker.jobs as job
		where mail.sent_at is null and mail.failed_at is null and job.key = mail.id::text
			and job.attempts >= job.max_attempts and job.locked_at is null
		returning mail.id, mail.template`.execute(db);
	return rows;
};

export type SentMail = { id: string; to: string; subject: string; text: string; html: string };

/** Keeps what was sent, unless the mail was erased meanwhile. */
export const insertDevMail = (db: Db, { id, to, subject, text, html }: SentMail) =>
	db
		.insertInto('devMail')
		.columns(['id', 'to', 'subject', 'text', 'html'])
		.expression((mail) =>
			mail
				.selectFrom('mail')
				.where('id', '=', id)
				.select(['id', sql<string>`${to}`.as('to'), sql<string>`${subject}`.as('subject')])
				.select([sql<string>`${text}`.as('text'), sql<string>`${html}`.as('html')])
				.forKeyShare()
		)
		.onConflict((conflict) => conflict.column('id').doNothing())
		.execute();

/** What development sent, newest first; to an address by any of its names, or to anyone. */
export const listDevMail = (db: Db, to?: string[]) =>
	db
		.selectFrom('devMail')
		.$if(to !== undefined, (query) => query.where('to', 'in', to!))
		.select(['id', 'to', 'subject', 'text', 'html', 'sentAt'])
		.orderBy('sentAt', 'desc')
		.orderBy('id')
		.limit(200)
		.execute();

export const findDevMail = (db: Db, id: string) =>
	db.selectFrom('devMail').where('id', '=', id).select('html').executeTakeFirst();
