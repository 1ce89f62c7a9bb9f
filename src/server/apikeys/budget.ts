import type { ApiKey } from '../auth/key.ts';
import { takeBlock, type Bucket } from '../buckets.ts';
import { pool } from '../db.ts';
import { AppError } from '../errors.ts';
import { newLeases } from '../lease.ts';

const MINUTE = 60;

/** Where a minute has no more calls than this, a process leases one at a time, and none is ever left unspent in another. */
const FEW = 100;

const leases = newLeases((bucket, size) => takeBlock(bucket, bucket.most <= FEW ? 1 : size));
// What a database that is gone has granted is worth nothing: nobody is let through without it.
pool.on('connect', (client) => client.on('error', leases.drop));

/** The calls of a key, as many a minute as it and the organisation's tier allow. */
const minuteOf = ({ id, ratePerMinute }: ApiKey): Bucket => ({
	name: 'key.minute',
	who: id,
	most: ratePerMinute,
	seconds: MINUTE
});

/**
 * Counts a call of a key, exactly, whatever other processes count at this moment.
 * @throws {AppError} `rate_limited`
 */
export async function countKeyCall(key: ApiKey): Promise<void> {
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
