import { sql, type SqlBool } from 'kysely';
import type { MailState } from '#lib/queue.ts';
import type { Db } from '../../db.ts';

const WHERE = {
	waiting: sql<SqlBool>`sent_at is null and failed_at is null`,
	sent: sql<SqlBool>`sent_at is not null`,
	failed: sql<SqlBool>`failed_at is not null`
} satisfies Record<MailState, unknown>;

/** `to` is how an address begins. */
export type MailFilter = { state?: MailState; to?: string };

/** Where a page of mails ended. */
export type MailKey = [createdAt: Date, id: string];

/** The mails that a filter lets through, newest first. What they say, and the links in it, is for their readers alone. */
export const mailsOf = (db: Db, { state, to }: MailFilter) =>
	db
		.selectFrom('mail')
		.$if(state !== undefined, (mails) => mails.where(WHERE[state!]))
		.$if(to !== undefined, (mails) => mails.where('to', 'like', `${to!.replace(/[\\%_]/g, '\\$&')}%`))
		.orderBy('createdAt', 'desc')
		.orderBy('id', 'desc');

export const listMails = (db: Db, { after, limit, ...filter }: MailFilter & { after?: MailKey; limit: number }) =>
	mailsOf(db, filter)
		.$if(after !== undefined, (mails) =>
			mails.where(sql<SqlBool>`(created_at, id) < (${after![0]}, ${after![1]}::uuid)`)
		)
		.select(['id', 'to', 'template', 'createdAt', 'sentAt', 'failedAt', 'lastError'])
		.select(
			sql<MailState>`case when ${WHERE.sent} then 'sent' when ${WHERE.failed} then 'failed' else 'waiting' end`.as(
				'state'
			)
		)
		.limit(limit)
		.execute();
