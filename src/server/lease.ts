import { takeBlock, type Block, type Bucket } from './buckets.ts';

/** Whether a call may go on; how many more may in this window, as far as is known here; seconds until the next one. */
export type Spent = { allowed: boolean; left: number; wait: number };

/** A block of a bucket that this process spends by itself, and what the bucket had left when it was taken. */
type Lease = { granted: number; remaining: number; until: number };

/** Points that a process takes at once at the most. */
const BLOCK = 60;

/** Leases that are kept at once; whoever floods us from many addresses shall not fill the memory. */
const MOST = 100_000;

const keyOf = ({ name, who }: Bucket) => `${name} ${who}`;

/**
 * Spends buckets in memory, a block at a time, so that most calls ask no database. All processes together never spend
 * more than a bucket holds; what one of them leaves unspent is lost to the others until the window ends.
 */
export function newLeases(take: (bucket: Bucket, size: number) => Promise<Block> = takeBlock) {
	// In the order in which they were taken: the first are the first to end.
	const leases = new Map<string, Lease>();
	const underWay = new Map<string, Promise<void>>();

	async function refill(key: string, bucket: Bucket): Promise<void> {
		// The window ends for us a moment before it does in the database, never after.
		const asked = performance.now();
		const { granted, remaining, wait } = await take(bucket, BLOCK);
		leases.delete(key);
		for (const [oldest, { until }] of leases) {
			if (until > asked && leases.size < MOST) break;
			leases.delete(oldest);
		}
		leases.set(key, { granted, remaining, until: asked + wait * 1000 });
	}

	/** Spends one of a bucket. Calls that find their lease spent wait for the same block. */
	async function spend(bucket: Bucket): Promise<Spent> {
		const key = keyOf(bucket);
		for (;;) {
			const lease = leases.get(key);
			const milliseconds = lease ? lease.until - performance.now() : 0;
			if (lease && milliseconds > 0) {
				const allowed = lease.granted > 0;
				if (allowed) lease.granted--;
				const left = lease.granted + lease.remaining;
				if (allowed || left === 0) return { allowed, left, wait: milliseconds / 1000 };
			}
			if (!underWay.has(key)) {
				underWay.set(
					key,
					refill(key, bucket).finally(() => underWay.delete(key))
				);
			}
			await underWay.get(key);
		}
	}

	/** What a bucket has left, and the seconds until its window ends, as far as is known here; asks nobody. */
	function look(bucket: Bucket): { left: number; wait: number } {
		const lease = leases.get(keyOf(bucket));
		const wait = lease ? (lease.until - performance.now()) / 1000 : 0;
		return lease && wait > 0
			? { left: lease.granted + lease.remaining, wait }
			: { left: bucket.most, wait: bucket.seconds };
	}

	return {
		spend,
		look,
		/** Forgets what is leased: the next call of each bucket asks the database. */
		drop: () => leases.clear()
	};
}
