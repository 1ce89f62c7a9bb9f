import { setTimeout } from 'node:timers/promises';
import { db, violation, type Db } from '../db.ts';
import { log } from '../log.ts';
import { leaseCalls, returnCalls } from './uses.ts';

/** Calls that a process leases at once at the most. */
const BLOCK = 100;

/** Milliseconds that a lease which nobody spends is kept, and that a refusal is believed. */
const LIFE = 1500;

/** Calls that this process may let a key make; over the organisation's plan, or over the key's own bound, without any. */
type Lease = { calls: number; month: Date; until: number; usedAt: number; isLast: boolean; overPlan: boolean };

type Outcome = 'allowed' | 'over_key' | 'over_plan' | 'gone';

/**
 * Spends the months of keys and their organisations in memory, a block at a time. All processes together never spend
 * more than there is; what one of them does not spend it gives back within seconds, and when it ends.
 */
export class Months {
	readonly #db: Db;
	readonly #leases = new Map<string, Lease>();
	readonly #underWay = new Map<string, Promise<boolean>>();
	#isAtWork = false;

	constructor(on = db) {
		this.#db = on;
	}

	/** Spends one call of a key. Calls that find its lease spent wait for the same block. */
	async spend(keyId: string): Promise<Outcome> {
		for (;;) {
			const lease = this.#leases.get(keyId);
			const now = performance.now();
			if (lease && lease.calls > 0 && lease.until > now) {
				lease.calls--;
				lease.usedAt = now;
				return 'allowed';
			}
			if (lease?.isLast && lease.until > now) return lease.overPlan ? 'over_plan' : 'over_key';
			let refilling = this.#underWay.get(keyId);
			if (!refilling) {
				refilling = this.#refill(keyId).finally(() => this.#underWay.delete(keyId));
				this.#underWay.set(keyId, refilling);
			}
			if (!(await refilling)) return 'gone';
		}
	}

	/** Answers whether there is such a key. */
	async #refill(keyId: string): Promise<boolean> {
		// The month ends for us a moment before it does in the database, never after.
		const asked = performance.now();
		const leased = await leaseCalls(this.#db, keyId, BLOCK).catch((error: unknown) => {
			// Its row went while this waited for it.
			if (violation(error)) return undefined;
			throw error;
		});
		if (!leased) return false;
		const { granted, wait, month, overPlan } = leased;
		const isLast = granted === 0;
		const until = asked + (isLast ? Math.min(wait * 1000, LIFE) : wait * 1000);
		this.#leases.set(keyId, { calls: granted, month, until, usedAt: asked, isLast, overPlan });
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
		for (const [keyId, { calls, month, usedAt }] of this.#leases) {
			if (usedAt > since) continue;
			this.#leases.delete(keyId);
			if (calls === 0) continue;
			// Lost calls are never made: the sum stays within the bound.
			await returnCalls(this.#db, keyId, month, calls).catch((error: unknown) =>
				log.warn({ err: error, calls }, 'leased calls are lost')
			);
		}
	}
}
