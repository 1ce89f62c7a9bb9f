import { countOf } from '#lib/format.ts';
import { UNLIMITED } from '#lib/plans.ts';
import { countKeyCall } from './apikeys/budget.ts';
import type { Actor } from './auth/actor.ts';
import { networkOf } from '../../http/address.ts';
import { countIn, type Bucket } from './buckets.ts';
import { pool, type Db } from './db.ts';
import { AppError } from './errors.ts';
import { email } from './fields.ts';
import { newLeases } from './lease.ts';
import { log } from './log.ts';

/** What a deployment says of limits: a factor for all of them, 0 for none, and how many wrong passwords are too many. */
export type Limits = { factor: number; attempts: number; windowMinutes: number };

const MINUTE = 60;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Rate = { most: number; seconds: number };

/** Mails that anybody may ask for. */
const MAILS = { address: { most: 20, seconds: HOUR }, recipient: { most: 3, seconds: HOUR } };

/** Procedures that do more than others: how often from one address, and to one recipient where they write to somebody. */
const COSTLY = {
	signup: { address: { most: 10, seconds: HOUR }, recipient: null },
	forgot: MAILS,
	resend: MAILS,
	change: MAILS,
	token: { address: { most: 60, seconds: QUARTER }, recipient: null },
	export: { address: { most: 20, seconds: DAY }, recipient: { most: 3, seconds: DAY } },
	picture: { address: { most: 300, seconds: HOUR }, recipient: { most: 30, seconds: HOUR } }
} as const satisfies Record<string, { address: Rate; recipient: Rate | null }>;

/** The limit of a procedure other than that of every call; of `login`, the service counts the attempts. */
export type Limit = keyof typeof COSTLY | 'login';

/** Calls of any procedure. */
export const CALLS = { person: { most: 600, seconds: MINUTE }, anonymous: { most: 300, seconds: MINUTE } };

/** Mails about new browsers to one person; whoever has their password could make any number of them. */
const NOTICES = { most: 10, seconds: DAY };

const TOO_OFTEN = 'This mail was asked for too often. Please look into your mailbox, or try again later.';
const SENTENCES = {
	signup: 'Too many accounts were asked for from your network. Please try again later.',
	forgot: TOO_OFTEN,
	resend: TOO_OFTEN,
	change: TOO_OFTEN,
	token: 'Too many links were opened from your network. Please try again later.',
	export: 'Copies of your data were asked for too often. Please use the last one, or try again tomorrow.',
	picture: 'Too many pictures were sent. Please try again later.',
	login: 'Too many failed login attempts. Please try again later.',
	proof: 'Too many wrong passwords. Please try again later.',
	calls: 'Too many requests. Please wait a moment, then try again.'
};

/** A bucket of a limit; its name begins with the limit's. A factor below 1 still leaves one. */
export const bucketOf = (name: string, who: string, { most, seconds }: Rate, { factor }: Limits): Bucket => ({
	name,
	who,
	most: Math.max(1, Math.floor(most * factor)),
	seconds
});

const secondsOf = (wait: number) => Math.max(1, Math.ceil(wait));

function refuse(name: string, sentence: string, wait: number): AppError {
	const seconds = secondsOf(wait);
	log.warn({ limit: name, seconds }, 'rate limited');
	return new AppError('rate_limited', sentence, null, seconds);
}

const refusal = ({ name }: Bucket, wait: number) =>
	refuse(name, SENTENCES[name.split('.')[0] as keyof typeof SENTENCES], wait);

/**
 * Counts one in each of several buckets, or in none.
 * @throws {AppError} `rate_limited`, in the words of the limit that is used up
 */
export async function count(buckets: Bucket[]) {
	const count = await countIn(buckets);
	if ('full' in count) throw refusal(count.full, count.wait);
	return count.counted;
}

const leases = newLeases();
// What a database that is gone has granted is worth nothing: nobody is let through without it.
pool.on('connect', (client) => client.on('error', leases.drop));

/** Whose call it is: a person's, wherever they are; else that of an address. */
export const callsOf = (actor: Actor, limits: Limits): Bucket =>
	actor.kind === 'user'
		? bucketOf('calls.person', actor.user.id, CALLS.person, limits)
		: bucketOf('calls.anonymous', networkOf(actor.ip), CALLS.anonymous, limits);

/**
 * Counts a call like any other, nearly always in memory.
 * @throws {AppError} `rate_limited`
 */
export async function countCall(actor: Actor, limits: Limits): Promise<void> {
	// What a key may, it carries itself: no deployment's factor changes that.
	if (actor.kind === 'apiKey') return countKeyCall(actor.key);
	if (limits.factor === 0) return;
	// A pool without a connection hears nothing of a database that is gone, so it is asked.
	if (pool.totalCount === 0) await pool.query('select 1');
	const bucket = callsOf(actor, limits);
	const { allowed, wait } = await leases.spend(bucket);
	if (!allowed) throw refusal(bucket, wait);
}

/** Calls a minute that a tier allows each caller of an organisation: in all, "*", and of single procedures. */
export type TierLimits = Partial<Record<string, number>>;

const timesOf = (most: number, procedure: string) =>
	procedure === '*' ? countOf(most, 'call') : `${countOf(most, 'call')} of ${procedure}`;

/**
 * Counts a call of a procedure, or of any, in an organisation whose tier limits it; no factor touches such a limit.
 * `who` calls, and where.
 * @throws {AppError} `rate_limited`, with what is used up and until when
 */
export async function countByTier(limits: TierLimits, procedure: string, who: string): Promise<void> {
	const most = limits[procedure];
	if (most === undefined || most === UNLIMITED) return;
	const { allowed, wait } = await leases.spend({ name: `tier.${procedure}`, who, most, seconds: MINUTE });
	if (allowed) return;
	const again = countOf(secondsOf(wait), 'second');
	const sentence = `Your plan allows ${timesOf(most, procedure)} a minute. Please try again in ${again}.`;
	throw refuse(`tier.${procedure}`, sentence, wait);
}

/** Whom a call writes to: the address in it, or else whoever calls. What is no address is refused, and not written to. */
function recipientOf(actor: Actor, input: unknown): string | undefined {
	const { email: given } = Object(input) as { email?: unknown };
	if (given !== undefined) return email.safeParse(given).data;
	return actor.kind === 'user' ? actor.user.id : undefined;
}

/**
 * Counts a call of a procedure that has a limit of its own, before its input is looked at any further.
 * @throws {AppError} `rate_limited`
 */
export async function countCostly(limit: keyof typeof COSTLY, actor: Actor, input: unknown, limits: Limits) {
	if (limits.factor === 0) return;
	const { address, recipient } = COSTLY[limit];
	const buckets = [bucketOf(`${limit}.address`, networkOf(actor.ip), address, limits)];
	const to = recipient && recipientOf(actor, input);
	if (to) buckets.push(bucketOf(`${limit}.recipient`, to, recipient, limits));
	await count(buckets);
}

/** Whether a person may be told of one more new browser by mail; counted with the sign-in, in its transaction. */
export async function countNotice(tx: Db, userId: string, limits: Limits): Promise<boolean> {
	if (limits.factor === 0) return true;
	const notice = bucketOf('notices.new_device', userId, NOTICES, limits);
	const count = await countIn([notice], tx);
	if ('full' in count) log.warn({ limit: notice.name }, 'rate limited');
	return 'counted' in count;
}
