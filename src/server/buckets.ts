import { sql } from 'kysely';
import { sign } from './crypto.ts';
import { db, type Db } from './db.ts';

/**
 * What is counted of somebody: at most so many in a window of so many seconds, which begins with the first.
 *
 * By statements of our own and not by rate-limiter-flexible, which counts one bucket a statement, counts refused calls,
 * too, and keeps windows by the clock of each process. A sign-in is counted in three buckets or in none: refused at one
 * address it must not use up what its owner has elsewhere. And a block that shrinks with what is left, it cannot take.
 */
export type Bucket = { name: string; who: string; most: number; seconds: number };

/** A bucket that something was counted in, and the end of the window it was counted in. */
type Counted = Bucket & { resetsAt: Date };

/** Whether all was counted; else the bucket that is used up, and the seconds until it is not. */
export type Count = { counted: Counted[] } | { full: Bucket; wait: number };

/** The database does not tell whom it counts: an address is told by none but whoever has our key. */
const subjectOf = ({ name, who }: Bucket) => sign('limit', `${name} ${who}`);

const columns = (buckets: Bucket[]) => ({
	names: buckets.map(({ name }) => name),
	subjects: buckets.map(subjectOf),
	mosts: buckets.map(({ most }) => most),
	seconds: buckets.map(({ seconds }) => seconds)
});

type CountRow = { name: string; counted: boolean; resetsAt: Date; wait: number };

/**
 * Counts one in every bucket, or in none when one is used up; exactly, whoever else counts at this moment. In a
 * transaction it comes and goes with it, and whoever counts in the same bucket waits for its end.
 */
export async function countIn(buckets: Bucket[], on: Db = db): Promise<Count> {
	const { names, subjects, mosts, seconds } = columns(buckets);
	const { rows } = await sql<CountRow>`
		select name, counted, resets_at, wait from count_in(
			${names}::text[], ${subjects}::text[], ${mosts}::integer[], ${seconds}::double precision[]
		) order by wait desc`.execute(on);
	const bucketOf = ({ name }: CountRow) => buckets.find((bucket) => bucket.name === name)!;
	const [first] = rows;
	if (!first!.counted) return { full: bucketOf(first!), wait: first!.wait };
	return { counted: rows.map((row) => ({ ...bucketOf(row), resetsAt: row.resetsAt })) };
}

/** Takes back what was counted, as long as its window lasts. The rows are locked in the order that counting locks in. */
export async function giveBack(counted: Counted[]): Promise<void> {
	const { names, subjects } = columns(counted);
	const ends = counted.map(({ resetsAt }) => resetsAt.toISOString());
	await sql`
		with held as (
			select name, subject from rate_limit
			join unnest(${names}::text[], ${subjects}::text[], ${ends}::timestamptz[]) as asked (name, subject, resets_at)
				using (name, subject, resets_at)
			order by name, subject for update of rate_limit
		)
		update rate_limit set used = greatest(used - 1, 0) from held
		where rate_limit.name = held.name and rate_limit.subject = held.subject`.execute(db);
}

/** A part of a bucket for one process to spend, what is left for others, and the seconds until the window ends. */
export type Block = { granted: number; remaining: number; wait: number };

/** Takes a block of at most `size`, and smaller ones the less is left; `granted` is 0 when nothing is. */
export async function takeBlock(bucket: Bucket, size: number): Promise<Block> {
	const { name, most, seconds } = bucket;
	const { rows } = await sql<Block>`
		select granted, remaining, wait
		from lease_from(${name}, ${subjectOf(bucket)}, ${most}, ${seconds}, ${size})`.execute(db);
	return rows[0]!;
}

/** What is left of a bucket, and the seconds until its window ends, or until one would that began by counting. */
export type Left = { left: number; wait: number };

/** Looks at a bucket, and counts nothing. */
export async function readLeft(bucket: Bucket): Promise<Left> {
	const { rows } = await sql<Left>`
		select greatest(${bucket.most} - used, 0) as "left", extract(epoch from resets_at - now())::double precision as wait
		from rate_limit
		where name = ${bucket.name} and subject = ${subjectOf(bucket)} and resets_at > now() and used > 0`.execute(db);
	return rows[0] ?? { left: bucket.most, wait: bucket.seconds };
}
