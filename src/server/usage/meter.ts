import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { enterAll } from '../auth/access.ts';
import { db, isAway, isHeldUp, transaction, type Db } from '../db.ts';
import { log } from '../log.ts';

/** Milliseconds after which what was counted is written: it is seen within two seconds on a busy database, too. */
const EVERY = 1000;

/** Sums that are kept at once; what a database that stays away may cost in memory has an end. */
const MOST = 100_000;

/** Times that the database may refuse a batch before it is given up; while it is away, a batch waits without an end. */
const REFUSALS = 10;

/** Milliseconds that a process which is about to end goes on trying, and those between two tries. */
const PATIENCE = 3000;
const PAUSE = 250;

/** What a meter counts, by what, and where to. */
type Kind<Entry> = {
	name: string;
	/** Entries of one key become one. */
	keyOf: (entry: Entry) => string;
	sum: (known: Entry, entry: Entry) => Entry;
	/** Writes entries of different keys, in the order of their keys; the transaction sees the rows of all organisations. */
	write: (tx: Db, entries: Entry[]) => Promise<unknown>;
};

/** What is being written, as one transaction or not at all; how often it was refused, and by which one it was tried. */
type Batch<Entry> = { entries: Entry[]; refusals: number; transactionId?: string };

const meters = new Set<{ flush: () => Promise<void> }>();

/** Counts what happens too often for a row each time: batches are written off the path of whoever is counted. */
export class Meter<Entry> {
	readonly #kind: Kind<Entry>;
	readonly #run: typeof transaction;
	#sums = new Map<string, Entry>();
	#lost = 0;
	#batch?: Batch<Entry>;
	#underWay?: Promise<void>;
	#isAtWork = false;

	constructor(kind: Kind<Entry>, run = transaction) {
		this.#kind = kind;
		this.#run = run;
		meters.add(this);
	}

	/** Counts in memory. The sums are written within two seconds, and when the server is told to stop. */
	count(entry: Entry): void {
		const key = this.#kind.keyOf(entry);
		const known = this.#sums.get(key);
		if (known === undefined && this.#sums.size >= MOST) this.#lost++;
		else this.#sums.set(key, known === undefined ? entry : this.#kind.sum(known, entry));
		if (!this.#isAtWork) void this.#work();
	}

	/** Writes what was counted so far. */
	async flush(): Promise<void> {
		await this.#underWay;
		while (!this.#isIdle()) await this.#turn();
	}

	#isIdle = () => !this.#batch && this.#sums.size === 0;

	async #work(): Promise<void> {
		this.#isAtWork = true;
		while (!this.#isIdle()) {
			await setTimeout(EVERY, undefined, { ref: false });
			// What failed is told already, and tried again.
			await this.#turn().catch(() => undefined);
		}
		this.#isAtWork = false;
	}

	/** One batch at a time; those who ask meanwhile wait for it. */
	#turn = () => (this.#underWay ??= this.#writeBatch().finally(() => (this.#underWay = undefined)));

	async #writeBatch(): Promise<void> {
		if (this.#isIdle()) return;
		const batch = (this.#batch ??= this.#takeSums());
		const meter = this.#kind.name;
		try {
			await this.#store(batch);
			this.#batch = undefined;
		} catch (error) {
			log.warn({ err: error, meter }, 'counts wait to be written');
			if (batch.refusals >= REFUSALS) {
				log.error({ meter, lost: batch.entries.length }, 'counts that cannot be written');
				this.#batch = undefined;
			}
			throw error;
		}
	}

	#takeSums(): Batch<Entry> {
		// In one order everywhere: two processes that write the same rows never wait for each other in a circle.
		const entries = [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
		if (this.#lost > 0) log.error({ meter: this.#kind.name, lost: this.#lost }, 'more was counted than can be kept');
		this.#sums = new Map();
		this.#lost = 0;
		return { entries, refusals: 0 };
	}

	/** Once: of a batch whose commit nobody confirmed, PostgreSQL is asked what became of it. */
	async #store(batch: Batch<Entry>): Promise<void> {
		if (batch.transactionId && (await isCommitted(batch.transactionId))) return;
		const write = async (tx: Db) => {
			await enterAll(tx);
			batch.transactionId = await findTransactionId(tx);
			await this.#kind.write(tx, batch.entries);
		};
		await this.#run(write).catch((error: unknown) => {
			if (!isAway(error) && !isHeldUp(error)) batch.refusals++;
			throw error;
		});
	}
}

async function findTransactionId(tx: Db): Promise<string> {
	const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(tx);
	return rows[0]!.id;
}

async function isCommitted(transactionId: string): Promise<boolean> {
	const { rows } = await sql<{ status: string | null }>`
		select pg_xact_status(${transactionId}::xid8) as status`.execute(db);
	const { status } = rows[0]!;
	if (status === 'in progress') throw new Error('It is not known yet whether the counts are written.');
	return status === 'committed';
}

/** Writes what all meters hold. A process that ends calls it last, and does not wait longer for a database that is away. */
export async function flushMeters(patience = PATIENCE): Promise<void> {
	const end = performance.now() + patience;
	await Promise.all([...meters].map((meter) => flushBy(meter, end)));
}

async function flushBy(meter: { flush: () => Promise<void> }, end: number): Promise<void> {
	for (;;) {
		const isWritten = await meter.flush().then(
			() => true,
			() => false
		);
		if (isWritten) return;
		if (performance.now() > end) return log.error('counts are lost: the database is away while the server ends');
		await setTimeout(PAUSE);
	}
}
