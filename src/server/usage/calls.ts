import { SLUG } from '#lib/slug.ts';
import { countKeyCall } from '../apikeys/budget.ts';
import type { Actor } from '../auth/actor.ts';
import { db } from '../db.ts';
import { countByTier, countCall, type Limits, type TierLimits } from '../limit.ts';
import { Meter } from './meter.ts';
import { addDayUses, findLimits, type DayUse } from './queries.ts';

/** What is called in an organisation, and which one the caller names. */
export type OrgCall = { org: string; procedure: string };

/** The organisation that one of its procedures is called in, as far as the input can be read and names one. */
export async function readOrgCall(procedure: string, readInput: () => Promise<unknown>): Promise<OrgCall | undefined> {
	const { org } = Object(await readInput().catch(() => undefined)) as { org?: unknown };
	return typeof org === 'string' ? { org, procedure } : undefined;
}

/**
 * Counts a call before anything is done for it.
 * @throws {AppError} `rate_limited`
 */
export type Count = (call?: OrgCall) => Promise<void>;

/** Somebody in an organisation, whose tier says how often they may call. */
type Caller = { orgId: string; limits: TierLimits; kind: 'user' | 'key'; id: string };

/** Milliseconds that an answer is kept; a tier that changed counts after them at the latest. */
const LIFE = 2000;

/** Answers that are kept at once. */
const MOST = 10_000;

// In the order in which they were found: the first are the first to end.
const kept = new Map<string, { found: ReturnType<typeof findLimits>; until: number }>();

/** One query in two seconds, however many calls come at once. */
function recall(slug: string, userId: string): ReturnType<typeof findLimits> {
	const key = `${slug} ${userId}`;
	const now = performance.now();
	const known = kept.get(key);
	if (known && known.until > now) return known.found;
	kept.delete(key);
	for (const [oldest, { until }] of kept) {
		if (until > now && kept.size < MOST) break;
		kept.delete(oldest);
	}
	const found = findLimits(db, slug, userId);
	found.catch(() => kept.delete(key));
	kept.set(key, { found, until: now + LIFE });
	return found;
}

async function callerOf(actor: Actor, slug: string): Promise<Caller | undefined> {
	if (actor.kind === 'apiKey') {
		const { id, org } = actor.key;
		return org.slug === slug ? { orgId: org.id, limits: org.limits, kind: 'key', id } : undefined;
	}
	if (actor.kind !== 'user' || !SLUG.test(slug)) return undefined;
	const found = await recall(slug, actor.user.id);
	return found && { ...found, kind: 'user', id: actor.user.id };
}

const calls = new Meter<DayUse>({
	name: 'calls',
	keyOf: ({ orgId, day, kind, id }) => `${orgId} ${day} ${kind} ${id}`,
	sum: (known, { used }) => ({ ...known, used: known.used + used }),
	write: addDayUses
});

/** Of a person whose tier says nothing of all calls, the limit of everybody. */
async function countIn(actor: Actor, { orgId, limits, kind, id }: Caller, others: Limits): Promise<void> {
	if (actor.kind === 'apiKey') await countKeyCall(actor.key);
	else if (limits['*'] === undefined) await countCall(actor, others);
	else await countByTier(limits, '*', `${orgId} ${id}`);
	calls.count({ orgId, day: new Date().toISOString().slice(0, 10), measure: 'calls', kind, id, used: 1 });
}

/**
 * Counts what one request calls: in an organisation of the caller's by its tier and to the use of the day, elsewhere by
 * the limit of every call. A page is `whole`: however much it calls, it counts once, single procedures excepted.
 */
export function newCounter(actor: Actor, limits: Limits, whole = false): Count {
	const counted = new Map<string | null, Promise<void>>();
	function once(key: string | null, count: () => Promise<void>): Promise<void> {
		const known = whole ? counted.get(key) : undefined;
		const counting = known ?? count();
		counted.set(key, counting);
		return counting;
	}
	return async (call) => {
		const caller = call && (await callerOf(actor, call.org));
		if (!caller) return once(null, () => countCall(actor, limits));
		await countByTier(caller.limits, call.procedure, `${caller.orgId} ${caller.id}`);
		await once(caller.orgId, () => countIn(actor, caller, limits));
	};
}
