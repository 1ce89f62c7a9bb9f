import { AppError } from '../errors.ts';
import { countSignIn } from '../metrics/registry.ts';
import { Meter } from '../usage/meter.ts';
import { addRefused, type DayRefused } from './queries.ts';

const refused = new Meter<DayRefused>({
	name: 'refused sign-ins',
	keyOf: ({ day }) => day,
	sum: (known, { refused }) => ({ ...known, refused: known.refused + refused }),
	write: addRefused
});

/** Counts a sign-in that was refused: what somebody came with, and the reason why not. */
export function noteRefused(way: string, reason: string): void {
	countSignIn(way, reason);
	refused.count({ day: new Date().toISOString().slice(0, 10), refused: 1 });
}

/** Ends a sign-in that was refused, as a promise's `catch`, and counts it. */
export const refusedAt =
	(way: string) =>
	(error: unknown): never => {
		noteRefused(way, error instanceof AppError ? error.reason : 'error');
		throw error;
	};
