import type { ApiKey } from '../auth/key.ts';
import { takeBlock, type Bucket } from '../buckets.ts';
import { db, pool } from '../db.ts';
import { AppError } from '../errors.ts';
import { newLeases } from '../lease.ts';
import { quotaExceeded } from '../usage/service.ts';
import { Months } from './month.ts';

const MINUTE = 60;

/** Where a minute has no more calls than this, a process leases one at a time, and none is ever left unspent in another. */
const FEW = 100;

/** How many calls of a minute a process leases at once. */
export const blockOf = ({ most }: Pick<Bucket, 'most'>, size: number): number => (most <= FEW ? 1 : size);

const leases = newLeases((bucket, size) => takeBlock(bucket, blockOf(bucket, size)));
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

/**
 * Counts a call of a key, exactly, whatever other processes count at this moment.
 * @throws {AppError} `rate_limited` beyond its minute; `quota_exceeded` beyond its month, or its organisation's
 */
export async function countKeyCall(key: ApiKey): Promise<void> {
	await countInMinute(key);
	const outcome = await months.spend(key.id);
	if (outcome === 'allowed') return;
	if (outcome === 'gone') throw new AppError('unauthenticated', 'There is no such API key any more.');
	if (outcome === 'over_plan') throw await quotaExceeded(db, key.org.id, 'api_calls');
	throw new AppError('quota_exceeded', 'This API key has made all the calls that it may make this month.');
}

async function countInMinute(key: ApiKey): Promise<void> {
	const { allowed, wait } = await leases.spend(minuteOf(key));
	if (allowed) return;
	const seconds = Math.max(1, Math.ceil(wait));
	const message = `This API key has made its ${key.ratePerMinute} calls of this minute. Try again in ${seconds} s.`;
	throw new AppError('rate_limited', message, null, seconds);
}

/** What every answer to a key says of its minute; seconds until the next one. */
export function minuteHeaders(key: ApiKey): Record<string, string> {
	const { left, wait } = leases.look(minuteOf(key));
	return {
		'X-RateLimit-Limit': String(key.ratePerMinute),
		'X-RateLimit-Remaining': String(left),
		'X-RateLimit-Reset': String(Math.ceil(wait))
	};
}
