import { countOf, exactTime } from '#lib/format.ts';
import type { ApiKey } from '../auth/key.ts';
import { takeBlock, type Bucket } from '../buckets.ts';
import { db, isAway, pool } from '../db.ts';
import { AppError } from '../errors.ts';
import { newLeases } from '../lease.ts';
import { quotaExceeded } from '../usage/service.ts';
import { Months } from './month.ts';

const MINUTE = 60;

/** Where a minute has no more calls than this, a process leases no more than it spends, and refuses none that is left. */
const FEW = 1000;

/** Calls of a minute that a process leases at once at the most, where nobody waits for more. */
const BLOCK = 60;

/** The leases of a process: what it may hold unspent is a hundredth of a minute that has more than a few calls. */
export const newMinutes = () =>
	newLeases(takeBlock, ({ most }) => (most <= FEW ? 1 : Math.min(BLOCK, Math.floor(most / 100))));

const leases = newMinutes();
// What a database that is gone has granted is worth nothing: nobody is let through without it.
pool.on('connect', (client) => client.on('error', leases.drop));

/** The calls of a key, as many a minute as it and the organisation's tier allow. */
const minuteOf = ({ id, ratePerMinute }: ApiKey): Bucket => ({
	name: 'key.minute',
	who: id,
	most: ratePerMinute,
	seconds: MINUTE
});

const months = new Months();

/** Gives back the calls of this month that the process has leased and not let anybody make: it ends. */
export const endLeases = () => months.giveBack();

/** The keys, each as one request found it, of which a call was counted. */
const counted = new WeakSet<ApiKey>();

/** Whether the request that found this key counted a call of it already, or was refused one. */
export const wasCounted = (key: ApiKey): boolean => counted.has(key);

/**
 * Counts a call of a key, exactly, whatever other processes count at this moment.
 * @throws {AppError} `rate_limited` beyond its minute; `quota_exceeded` beyond its month, or its organisation's
 */
export async function countKeyCall(key: ApiKey): Promise<void> {
	counted.add(key);
	await countInMinute(key);
	const outcome = await months.spend(key);
	if (outcome === 'allowed') return;
	if (outcome === 'gone') throw new AppError('unauthenticated', 'There is no such API key.');
	if (outcome.over === 'plan') throw await quotaExceeded(db, key.org.id, 'api_calls');
	throw overMonth(key, outcome.endsAt);
}

function overMonth({ monthlyCalls }: ApiKey, endsAt: Date): AppError {
	const bound = `This API key may make ${countOf(monthlyCalls ?? 0, 'call')} a month, and they are used up`;
	const lifting = 'An admin of your organization can create a key that may make more.';
	return new AppError('quota_exceeded', `${bound} until ${exactTime(endsAt)}. ${lifting}`);
}

async function countInMinute(key: ApiKey): Promise<void> {
	const { allowed, wait } = await leases.spend(minuteOf(key));
	if (allowed) return;
	const seconds = Math.max(1, Math.ceil(wait));
	const message = `This API key has made its ${key.ratePerMinute} calls of this minute. Try again in ${seconds} s.`;
	throw new AppError('rate_limited', message, null, seconds);
}

/**
 * What every answer to a key says of its minute; seconds until the next one. What is left stands in none while the
 * database, which knows it, is away.
 */
export async function minuteHeaders(key: ApiKey): Promise<Record<string, string>> {
	const limit = { 'X-RateLimit-Limit': String(key.ratePerMinute) };
	const known = await leases.look(minuteOf(key)).catch((error: unknown) => {
		if (!isAway(error)) throw error;
	});
	if (!known) return limit;
	return {
		...limit,
		'X-RateLimit-Remaining': String(known.left),
		'X-RateLimit-Reset': String(Math.ceil(known.wait))
	};
}
