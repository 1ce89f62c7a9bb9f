import { TOTAL_LIMIT } from './limits.ts';
import type { OrgRole, Role } from './roles.ts';

type Person = { email: string; username: string | null; firstName: string | null; lastName: string | null };

/** What to call somebody: their names, else their username, else their address. */
export const displayName = ({ firstName, lastName, username, email }: Person): string =>
	[firstName, lastName].filter(Boolean).join(' ') || username || email;

/** One or two letters that stand for a name. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/).slice(0, 2);
	return words
		.map(([first = '']) => first)
		.join('')
		.toUpperCase();
}

export const ROLE_NAMES: Record<Role, string> = {
	readonly: 'Read only',
	member: 'Member',
	org_admin: 'Admin',
	sys_admin: 'System admin'
};

/** What an organisation's roles mean, in a sentence. */
export const ROLE_MEANINGS: Record<OrgRole, string> = {
	readonly: 'Sees everything in the organization and changes nothing.',
	member: 'Works with its data: adds, edits and deletes.',
	org_admin: 'Runs it as well, and decides who may do what.'
};

const SECONDS: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31_536_000],
	['month', 2_592_000],
	['day', 86_400],
	['hour', 3600],
	['minute', 60]
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `at` as seen from `now`, in words: "yesterday", "in 3 hours". */
export function relativeTime(at: Date, now: Date): string {
	const seconds = (at.getTime() - now.getTime()) / 1000;
	const [unit, length] = SECONDS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
	return unit && length ? RELATIVE.format(Math.trunc(seconds / length), unit) : 'just now';
}

// In a named zone and on a 24-hour clock: server and browser then write the same, whatever their zone and spaces are.
const clockIn = (timeZone: string) =>
	new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone });

const CLOCKS = new Map<string, Intl.DateTimeFormat>();

/** Nothing for a zone that this browser has not heard of. */
function clockOf(zone: string): Intl.DateTimeFormat | undefined {
	try {
		if (!CLOCKS.has(zone)) CLOCKS.set(zone, clockIn(zone));
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	return CLOCKS.get(zone);
}

/** "Jan 31, 2030, 14:05 UTC", or the same moment in another zone with its name, however a browser calls it. */
export function exactTime(at: Date, zone = 'UTC'): string {
	const clock = clockOf(zone);
	return clock ? `${clock.format(at)} ${zone}` : exactTime(at);
}

const NUMBER = new Intl.NumberFormat('en-US');

/** "1,234". */
export const numberOf = (count: number): string => NUMBER.format(count);

const DAY = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });

/** "Jan 31, 2030" for a day that is written like 2030-01-31. */
export const dayOf = (day: string): string => DAY.format(new Date(day));

/** "1 customer", "1,234 customers". */
export const countOf = (count: number, noun: string): string =>
	`${NUMBER.format(count)} ${noun}${count === 1 ? '' : 's'}`;

/** The same for a list's total: "10,000+ customers" where the server stops counting. */
export const totalOf = (total: number, noun: string): string =>
	total < TOTAL_LIMIT ? countOf(total, noun) : `${NUMBER.format(TOTAL_LIMIT)}+ ${noun}s`;
