import { setTimeout } from 'node:timers/promises';
import { db, type Db } from '../db.ts';
import { log } from '../log.ts';
import { leaseCalls, returnCalls } from './uses.ts';

/** Calls that a process leases at once, unless more are waited for. */
const BLOCK = 100;

/** Milliseconds that a lease which nobody spends is kept, that a refusal is believed, and that a block shall last. */
const LIFE = 1500;

/** A key, the calls that it may make in a month, null for any number, and those of its organisation, -1 for any number. */
type Key = { id: string; monthlyCalls: number | null; org: { monthlyCalls: number } };

/** Calls that this process may let a key make; over the organisation's plan, or over the key's own bound, without any. */
type Lease = {
	bounds: string;
	calls: number;
	size: number;
	month: Date;
	endsAt: Date;
	until: number;
	takenAt: number;
	usedAt: number;
	isLast: boolean;
	overPlan: boolean;
};

/** What became of a call; beyond a month, whose it is, and when it ends. */
type Outcome = 'allowed' | 'gone' | { over: 'key' | 'plan'; endsAt: Date };

/** A lease that was taken for other bounds holds no more. */
const boundsOf = ({ monthlyCalls, org }: Key) => `${monthlyCalls} ${org.monthlyCalls}`;

/** A call by itself leases one; twice as many follow on a block that was soon spent. */
const sizeAfter = (lease: Lease | undefined, now: number): number =>
	lease && now - lease.takenAt < LIFE ? Math.min(lease.size * 2, BLOCK) : 1;

/**
 * Spends the months of keys and their organisations in memory, a block at a time. All processes together never spend
 * more than there is; what one of them does not spend it gives back within seconds, and when it ends. Until then it
 * counts as used: at the most as many calls again as the key made in the last seconds, and a hundred of each process.
 */
export class Months {
	readonly #db: Db;
	readonly #leases = new Map<string, Lease>();
	readonly #underWay = new Map<string, Promise<boolean>>();
	readonly #waiting = new Map<string, number>();
	#isAtWork = false;

	constructor(on = db) {
		this.#db = on;
	}

	/** Spends one call of a key. Calls that find its lease spent wait for the same block, which is made for all of them. */
	async spend(key: Key): Promise<Outcome> {
		const { id } = key;
		let outcome = this.#spendHere(key);
		if (outcome) return outcome;
		this.#waiting.set(id, (this.#waiting.get(id) ?? 0) + 1);
		try {
			while (!outcome) {
				const refilling = this.#underWay.get(id) ?? this.#refill(key).finally(() => this.#underWay.delete(id));
				this.#underWay.set(id, refilling);
				if (!(await refilling)) return 'gone';
				outcome = this.#spendHere(key);
			}
			return outcome;
		} finally {
			const others = this.#waiting.get(id)! - 1;
			if (others > 0) this.#waiting.set(id, others);
			else this.#waiting.delete(id);
		}
	}

	/** One of what is leased, or a refusal that is still believed; nothing where the database must be asked. */
	#spendHere(key: Key): Outcome | undefined {
		const lease = this.#leases.get(key.id);
		const now = performance.now();
		if (!lease || lease.until <= now || lease.bounds !== boundsOf(key)) return undefined;
		if (lease.isLast) return { over: lease.overPlan ? 'plan' : 'key', endsAt: lease.endsAt };
		if (lease.calls === 0) return undefined;
		lease.calls--;
		lease.usedAt = now;
		return 'allowed';
	}

	/** Answers whether there is such a key. */
	async #refill(key: Key): Promise<boolean> {
		const { id } = key;
		const former = this.#leases.get(id);
		const size = sizeAfter(former, performance.now());
		if (former) await this.#return(id, former);
		// The month ends for us a moment before it does in the database, never after.
		const asked = performance.now();
		const leased = await leaseCalls(this.#db, id, Math.max(size, this.#waiting.get(id) ?? 1));
		if (!leased) return false;
		const { granted, wait, month, endsAt, overPlan } = leased;
		const isLast = granted === 0;
		this.#leases.set(id, {
			...{ bounds: boundsOf(key), calls: granted, size, month, endsAt, isLast, overPlan },
			...{ takenAt: asked, usedAt: asked, until: asked + (isLast ? Math.min(wait * 1000, LIFE) : wait * 1000) }
		});
		if (!this.#isAtWork) void this.#work();
		return true;
	}

	async #work(): Promise<void> {
		this.#isAtWork = true;
		while (this.#leases.size > 0) {
			await setTimeout(LIFE, undefined, { ref: false });
			await this.giveBack(performance.now() - LIFE);
		}
		this.#isAtWork = false;
	}

	/** Gives back what nobody has spent since a moment of `performance.now()`; all of it without one. */
	async giveBack(since = Infinity): Promise<void> {
		for (const [id, lease] of this.#leases) if (lease.usedAt <= since) await this.#return(id, lease);
	}

	async #return(id: string, { month, calls }: Lease): Promise<void> {
		this.#leases.delete(id);
		if (calls === 0) return;
		// Lost calls are never made: the sum stays within the bound.
		await returnCalls(this.#db, id, month, calls).catch((error: unknown) =>
			log.warn({ err: error, calls }, 'leased calls are lost')
		);
	}
}
