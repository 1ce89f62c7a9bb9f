import { z } from 'zod';
import { invalid } from './errors.ts';
import { instant } from './pages.ts';

const MILLISECONDS = 86_400_000;

/** Days that are asked for at once at the most; and those of whoever names none, which a plot shows. */
const MOST = 366;
const USUAL = 90;

/** Nothing was counted before it. */
const EARLIEST = Date.UTC(2000);

/** In UTC, as everything by day is. */
const toDay = (at: Date) => at.toISOString().slice(0, 10);

/** A day as a caller names it, by its date or by a moment of it. */
const day = z
	.union([z.iso.date().transform((date) => `${date}T00:00:00Z`), z.string()])
	.pipe(instant.refine((at) => at.getTime() >= EARLIEST, 'Name a day from the year 2000 on.'));

/** The first and the last of the days that a caller asks for. */
export const dayRange = { from: day.optional(), to: day.optional() };

/**
 * The days asked for, each written like 2030-01-31: ninety up to today, as far as nobody says more.
 * @throws {AppError} `invalid` for more than a year, or for an end before its beginning
 */
export function readDays({ from, to = new Date() }: { from?: Date; to?: Date }): { from: string; to: string } {
	const last = toDay(to);
	const first = from ? toDay(from) : daysBefore(last, USUAL - 1);
	if (first > last) throw invalid('from', 'The first day must not be after the last one.');
	if (first <= daysBefore(last, MOST)) throw invalid('from', `Ask for at most ${MOST} days at once.`);
	return { from: first, to: last };
}

const daysBefore = (last: string, days: number) => toDay(new Date(Date.parse(last) - days * MILLISECONDS));

/** So many days up to today. */
export const lastDays = (days: number) => {
	const to = toDay(new Date());
	return { from: daysBefore(to, days - 1), to };
};
