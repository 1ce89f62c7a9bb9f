import { readLeft, takeBlock, type Block, type Bucket, type Left } from './buckets.ts';

/** Whether a call may go on; how many more may in this window, as far as is known here; seconds until the next one. */
export type Spent = { allowed: boolean; left: number; wait: number };

/** A block of a bucket that this process spends by itself, what the bucket held, and what it had left, when it was taken. */
type Lease = { most: number; granted: number; remaining: number; until: number };

/** Points that a process takes at once, unless more are waited for. */
const BLOCK = 60;

/** Leases that are kept at once; whoever floods us from many addresses shall not fill the memory. */
const MOST = 100_000;

const keyOf = ({ name, who }: Bucket) => `${name} ${who}`;

/**
 * Spends buckets in memory, a block at a time, so that most calls ask no database. All processes together never spend
 * more than a bucket holds; what one of them leaves unspent is lost to the others until the window ends. Blocks of 1
 * leave nothing unspent, and still ask once for all who wait.
 */
export function newLeases(
	take: (bucket: Bucket, size: number) => Promise<Block> = takeBlock,
	sizeOf: (bucket: Bucket) => number = () => BLOCK
) {
	// In the order in which they were taken: the first are the first to end.
	const leases = new Map<string, Lease>();
	const underWay = new Map<string, Promise<void>>();
	const waiting = new Map<string, number>();

	/** The lease of a bucket that holds as much as when it was taken, while its window lasts. */
	function find(bucket: Bucket): Lease | undefined {
		const lease = leases.get(keyOf(bucket));
		return lease && lease.most === bucket.most && lease.until > performance.now() ? lease : undefined;
	}

	async function refill(key: string, bucket: Bucket): Promise<void> {
		// The window ends for us a moment before it does in the database, never after.
		const asked = performance.now();
		const { granted, remaining, wait } = await take(bucket, Math.max(sizeOf(bucket), waiting.get(key) ?? 1));
		leases.delete(key);
		for (const [oldest, { until }] of leases) {
			if (until > asked && leases.size < MOST) break;
			leases.delete(oldest);
		}
		leases.set(key, { most: bucket.most, granted, remaining, until: asked + wait * 1000 });
	}

	/** One of what is leased, or a refusal where nothing is left anywhere; nothing where the database must be asked. */
	function spendHere(bucket: Bucket): Spent | undefined {
		const lease = find(bucket);
		if (!lease) return undefined;
		const allowed = lease.granted > 0;
		if (allowed) lease.granted--;
		const left = lease.granted + lease.remaining;
		const wait = (lease.until - performance.now()) / 1000;
		return allowed || left === 0 ? { allowed, left, wait } : undefined;
	}

	/** Spends one of a bucket. Calls that find their lease spent wait for the same block, which is made for all of them. */
	async function spend(bucket: Bucket): Promise<Spent> {
		const key = keyOf(bucket);
		let spent = spendHere(bucket);
		if (spent) return spent;
		waiting.set(key, (waiting.get(key) ?? 0) + 1);
		try {
			while (!spent) {
				if (!underWay.has(key))
					underWay.set(
						key,
						refill(key, bucket).finally(() => underWay.delete(key))
					);
				await underWay.get(key);
				spent = spendHere(bucket);
			}
			return spent;
		} finally {
			const others = waiting.get(key)! - 1;
			if (others > 0) waiting.set(key, others);
			else waiting.delete(key);
		}
	}

	/** What a bucket has left, and the seconds until its window ends: as it was known here last, or else as the database says. */
	async function look(bucket: Bucket): Promise<Left> {
		const lease = find(bucket);
		if (!lease) return readLeft(bucket);
		return { left: lease.granted + lease.remaining, wait: (lease.until - performance.now()) / 1000 };
	}

	return {
		spend,
		look,
		/** Forgets what is leased: the next call of each bucket asks the database. */
		drop: () => leases.clear()
	};
}
