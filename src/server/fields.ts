import { z } from 'zod';

/** The most characters a password may have: more would only be work for the hash. */
export const PASSWORD_MAX_LENGTH = 128;

/** Characters that nobody sees, so that two addresses could look like one. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Characters that break a line or its direction; joiners stay, since names and emoji are written with them. */
const CONTROLS = /[\p{Cc}\p{Cs}\p{Cn}\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

/** Characters as a person counts them, where `.length` counts UTF-16 units. */
const characters = (text: string) => [...text].length;

/** One form of an address for every path: trimmed, NFC, lower case. Two that look alike to a mail server are one. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase().normalize('NFC');

const isEmail = (email: string) =>
	email.length <= 254 &&
	/^[^\s@,;:<>()[\]\\"]{1,64}@(?:[^\s@,;:<>()[\]\\".]+\.)+[^\s@,;:<>()[\]\\".]{2,}$/u.test(email);

/** An e-mail address in its normal form; refuses several addresses, display names and characters nobody sees. */
export const email = z
	.string()
	.max(500)
	.transform(normalizeEmail)
	.refine((value) => isEmail(value) && !INVISIBLE.test(value), 'Enter an e-mail address, like ada@example.com.');

/** A password in NFC, so that every keyboard writes the same one; `judgePassword` says whether a new one is good. */
export const password = z
	.string()
	.max(PASSWORD_MAX_LENGTH * 4)
	.transform((value) => value.normalize('NFC'))
	.refine((value) => characters(value) <= PASSWORD_MAX_LENGTH, `Use at most ${PASSWORD_MAX_LENGTH} characters.`);

/** A line that a person wrote: trimmed, NFC, without control characters. */
export const line = (most: number) =>
	z
		.string()
		.trim()
		.normalize('NFC')
		.refine((value) => characters(value) <= most, `Use at most ${most} characters.`)
		.refine((value) => !CONTROLS.test(value), 'Remove the characters that cannot be seen.');

/** A person's first or last name; an empty one is none. */
export const personName = line(100).transform((value) => value || null);

/** An organisation's name. */
export const orgName = line(80).refine((value) => value.length > 0, 'Enter a name.');

export const username = z
	.string()
	.trim()
	.toLowerCase()
	.regex(/^[a-z0-9_]{2,32}$/, 'Use 2 to 32 letters, digits or underscores.');

/** What names a thing but is no form field: one that cannot be right is simply not found. */
export const token = z.string();
export const slug = z.string();

/** Deeper than any input of ours; what nests further is not worth reading. */
const DEPTH = 20;

/**
 * True when PostgreSQL and the hash can take every text in `value` as it is: it refuses NUL, and a lone
 * surrogate has no UTF-8, so two different passwords would become the same bytes.
 */
export function isStorable(value: unknown, depth = 0): boolean {
	if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
	if (typeof value !== 'object' || value === null) return true;
	return depth < DEPTH && Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item, depth + 1));
}
