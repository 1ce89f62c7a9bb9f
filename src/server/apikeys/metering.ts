import type { Program } from '../auth/actor.ts';
import type { ApiKey } from '../auth/key.ts';
import { Meter } from '../usage/meter.ts';
import { addKeyUses, CALLS_KEPT, type KeyCall, type KeyUse } from './uses.ts';

/** What a call is noted as that names no procedure of ours. */
export const UNKNOWN = 'unknown';

/**
 * Why a call counts as refused: it was turned away before its procedure began, by who sent it, by how often, by the
 * plan, or by how it came. What a procedure answers to its input (`invalid`, `not_found`, `conflict`) is a call that
 * passed, and so is one that failed; of a procedure that there is not, whatever is not `ok` is refused.
 */
const REFUSALS = new Set([
	...['rate_limited', 'quota_exceeded', 'feature_disabled', 'forbidden', 'unauthenticated', 'suspended'],
	...['method_not_allowed', 'too_large', 'unsupported_media_type', 'step_up_required', 'overloaded', 'unavailable']
]);

type Counts = { calls: number; refused: number };

/** What one key did since the last batch. */
type Entry = { orgId: string; keyId: string; uses: Map<string, Counts>; last: KeyCall[] };

/** A day and a procedure, as one key of a map; no procedure has a space in its name. */
const placeOf = ({ at, procedure }: KeyCall) => `${at.toISOString().slice(0, 10)} ${procedure}`;

function add(known: Entry, { last, uses }: Entry): Entry {
	known.last.push(...last);
	if (known.last.length > CALLS_KEPT) known.last.shift();
	for (const [place, { calls, refused }] of uses) {
		const counts = known.uses.get(place) ?? { calls: 0, refused: 0 };
		known.uses.set(place, { calls: counts.calls + calls, refused: counts.refused + refused });
	}
	return known;
}

function usesOf({ orgId, keyId, uses }: Entry): KeyUse[] {
	const places = [...uses].sort(([a], [b]) => (a < b ? -1 : 1));
	return places.map(([place, counts]) => {
		const [day = '', procedure = ''] = place.split(' ');
		return { orgId, keyId, day, procedure, ...counts };
	});
}

const meter = new Meter<Entry>({
	name: 'keys',
	keyOf: ({ keyId }) => keyId,
	sum: add,
	write: (tx, entries) =>
		addKeyUses(
			tx,
			entries.flatMap(usesOf),
			entries.flatMap(({ orgId, keyId, last }) => last.map((call) => ({ orgId, keyId, ...call })))
		)
});

/** The keys, each as one request found it, of which a call was noted. */
const noted = new WeakSet<ApiKey>();

/** Whether the request that found this key noted a call of it already. */
export const wasNoted = (key: ApiKey): boolean => noted.has(key);

/** Counts a call of a key, and what became of it: `ok`, or the reason why not. Written within two seconds. */
export function noteKeyCall({ key, ip }: Pick<Program, 'ip' | 'key'>, procedure: string, outcome: string) {
	noted.add(key);
	const call = { at: new Date(), procedure, ip, outcome };
	const isRefused = REFUSALS.has(outcome) || (procedure === UNKNOWN && outcome !== 'ok');
	note(key, call, isRefused ? { calls: 0, refused: 1 } : { calls: 1, refused: 0 }, [call]);
}

/** Counts a call from where the key is not allowed: to its day alone, so that no stranger clears the list of the last. */
export const noteOutsideCall = (key: ApiKey, ip: string) =>
	note(key, { at: new Date(), procedure: 'any', ip, outcome: 'forbidden' }, { calls: 0, refused: 1 }, []);

const note = ({ id, org }: ApiKey, call: KeyCall, counts: Counts, last: KeyCall[]) =>
	meter.count({ orgId: org.id, keyId: id, uses: new Map([[placeOf(call), counts]]), last });
