import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { hasLink } from '#lib/links.ts';
import { isReserved, SLUG } from '#lib/slug.ts';
import { isReservedUsername } from '#lib/username.ts';

/** The most characters a password may have: more would only be work for the hash. */
export const PASSWORD_MAX_LENGTH = 128;

/** Characters that nobody sees, so that two addresses could look like one. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Characters that break a line or its direction; joiners stay, since names and emoji are written with them. */
const CONTROLS = /[\p{Cc}\p{Cs}\p{Cn}\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

/** One character that is seen. */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Characters as a person counts them, where `.length` counts UTF-16 units. */
const characters = (text: string) => [...text].length;

/** One form of an address for every path: trimmed, NFC, lower case, its domain as the mail system writes it. */
export function normalizeEmail(email: string): string {
	const plain = email.trim().normalize('NFC').toLowerCase().normalize('NFC');
	const at = plain.lastIndexOf('@');
	return at < 0 ? plain : `${plain.slice(0, at)}@${domainToASCII(plain.slice(at + 1))}`;
}

const ADDRESS =
	/^(?!\.)(?!.*\.\.)[^\s@,;:<>()[\]\\"]{1,64}(?<!\.)@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;

const isEmail = (email: string) => email.length <= 254 && ADDRESS.test(email);

const NO_EMAIL = 'Enter an e-mail address, like ada@example.com.';

/** An e-mail address in its normal form; refuses several addresses, display names and characters nobody sees. */
export const email = z
	.string({ error: NO_EMAIL })
	.max(500, NO_EMAIL)
	.refine((value) => !INVISIBLE.test(value.trim()), NO_EMAIL)
	.transform(normalizeEmail)
	.refine(isEmail, NO_EMAIL)
	.meta({ format: 'email' });

const TOO_LONG = `Use at most ${PASSWORD_MAX_LENGTH} characters.`;

/** A password in NFC, so that every keyboard writes the same one; `judgePassword` says whether a new one is good. */
export const password = z
	.string({ error: 'Enter a password.' })
	.max(PASSWORD_MAX_LENGTH * 4, TOO_LONG)
	.transform((value) => value.normalize('NFC'))
	.refine((value) => characters(value) <= PASSWORD_MAX_LENGTH, TOO_LONG);

/** A line that a person wrote: trimmed, NFC, without control characters. */
export const line = (most: number) =>
	z
		.string({ error: 'Enter a text.' })
		.trim()
		.normalize('NFC')
		// What is refused here is not looked at further: what follows may cost time for each character.
		.refine((value) => characters(value) <= most, { error: `Use at most ${most} characters.`, abort: true })
		.refine((value) => !CONTROLS.test(value), 'Remove the characters that cannot be seen.')
		.meta({ maxLength: most });

/** A line that may be empty, and else has something to see. */
export const seenLine = (most: number, error = 'Enter a text that can be seen.') =>
	line(most).refine((value) => value === '' || VISIBLE.test(value), error);

/** Paragraphs that a person wrote: trimmed, NFC, without control characters other than line breaks and tabs. */
export const paragraphs = (most: number) =>
	z
		.string({ error: 'Enter a text.' })
		.trim()
		.normalize('NFC')
		.transform((value) => value.replace(/\r\n?/g, '\n'))
		.refine((value) => characters(value) <= most, `Use at most ${most} characters.`)
		.refine((value) => !/[[\p{Cc}\p{Cs}]--[\n\t]]/v.test(value), 'Remove the characters that cannot be seen.')
		.meta({ maxLength: most });

/** A person's first or last name; an empty one is none. */
export const personName = seenLine(100, 'Enter a name that can be seen.').transform((value) => value || null);

/** Characters of an organisation's name at the most. */
export const ORG_NAME_LENGTH = 80;

/** An organisation's name. It stands in mails to strangers, so nothing in it may become a link there. */
export const orgName = line(ORG_NAME_LENGTH)
	.refine((value) => VISIBLE.test(value), 'Enter a name.')
	.refine(
		(value) => !hasLink(value),
		'A mail program would turn this name into a link. Put a space after each dot or colon, and leave out @ signs and phone numbers.'
	);

/** The name of an API key, which stands in mails as well. */
export const keyName = line(60)
	.refine((value) => VISIBLE.test(value), 'Enter a name.')
	.refine((value) => !hasLink(value), 'A mail program would turn this name into a link. Choose a plain one.');

const NO_SLUG = 'Use 2 to 40 lower-case letters, digits or hyphens.';

/** A slug that somebody chooses. */
export const newSlug = z
	.string({ error: NO_SLUG })
	.regex(SLUG, NO_SLUG)
	.refine((value) => !isReserved(value), 'This word is reserved. Choose another one.');

const NO_USERNAME = 'Use 2 to 32 letters, digits or underscores.';

/** A name to sign in with; an empty one is none. */
export const username = z
	.string({ error: NO_USERNAME })
	.trim()
	.toLowerCase()
	.regex(/^([a-z0-9_]{2,32})?$/, NO_USERNAME)
	.refine((value) => !isReservedUsername(value), 'This word is reserved. Choose another one.')
	.transform((value) => value || null);

/** The zone's present name, however a browser calls it; `undefined` for what is none. */
function zoneOf(value: string): string | undefined {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
	} catch {
		return undefined;
	}
}

/** A time zone by its place; an empty one is none. */
export const timeZone = z
	.string({ error: 'Choose a time zone.' })
	.max(64, 'Choose a time zone.')
	.refine((value) => value === '' || (/^[a-z]/i.test(value) && zoneOf(value)), 'Choose a time zone of the list.')
	.transform((value) => (value && zoneOf(value)) || null);

/** What names a thing but is no form field: one that cannot be right is simply not found. */
export const token = z.string();
export const slug = z.string();
export const uuid = z.uuid();

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

/** Whether objects and lists nest further than `isStorable` reads. */
export const isTooDeep = (value: unknown, depth = 0): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(depth >= DEPTH || Object.values(value).some((item) => isTooDeep(item, depth + 1)));
