import type { Program } from '../auth/actor.ts';
import { Meter } from '../usage/meter.ts';
import { addKeyUses, CALLS_KEPT, type KeyCall, type KeyUse } from './uses.ts';

/** Reasons of calls that were turned away; what else went wrong, the caller was let try. */
const REFUSALS = new Set([
	...['rate_limited', 'quota_exceeded', 'feature_disabled', 'forbidden'],
	...['step_up_required', 'overloaded', 'unavailable']
]);

type Counts = { calls: number; refused: number };

/** What one key did since the last batch. */
type Entry = { orgId: string; keyId: string; uses: Map<string, Counts>; last: KeyCall[] };

/** A day and a procedure, as one key of a map; no procedure has a space in its name. */
const placeOf = ({ at, procedure }: KeyCall) => `${at.toISOString().slice(0, 10)} ${procedure}`;

function add(known: Entry, { last: [call], uses }: Entry): Entry {
	known.last.push(call!);
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

/** Counts a call of a key, and what became of it: `ok`, or the reason why not. Written within two seconds. */
export function noteKeyCall(
	{ key, ip }: Pick<Program, 'ip'> & { key: Identified },
	procedure: string,
	outcome: string
) {
	const call = { at: new Date(), procedure, ip, outcome };
	const counts = REFUSALS.has(outcome) ? { calls: 0, refused: 1 } : { calls: 1, refused: 0 };
	meter.count({ orgId: key.org.id, keyId: key.id, uses: new Map([[placeOf(call), counts]]), last: [call] });
}

type Identified = { id: string; org: { id: string } };
