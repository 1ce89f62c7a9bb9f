import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { decode, isPrintable } from './encoding.ts';
import { isWordy } from './words.ts';

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: 64, l33tMaxSubstitutions: 5 });

/** Words that somebody typed; 44 random characters hold one of them once in many million keys. */
const TELLTALE = /secret|change.?me|example|password|placeholder|replace|default|insecure|production|gatehouse/i;

/** About 80 bits; the worst of many keys of 16 random bytes in hex is at 28. */
const LEAST_GUESSES_LOG10 = 24;

const isTyped = (text: string): boolean =>
	new Set(text).size < 10 ||
	TELLTALE.test(text) ||
	isWordy(text) ||
	zxcvbn.check(text).guessesLog10 < LEAST_GUESSES_LOG10;

/** Different values among 32 random bytes, and among the steps from each to the next, are 30; 16 are never so few. */
function isRegular(bytes: Buffer): boolean {
	const steps = bytes.subarray(1).map((byte, n) => byte - bytes[n]!);
	return [bytes, steps].some((values) => new Set(values).size <= Math.min(values.length / 2, 16));
}

/**
 * True for a key that no generator made: it repeats itself, follows the keyboard, the alphabet or a rule, or is made
 * of words; also where that is encoded in hex or base64.
 */
export function isGuessable(key: string): boolean {
	const bytes = decode(key);
	if (bytes && isPrintable(bytes)) return isGuessable(bytes.toString('latin1').trim());
	return isTyped(key) || (bytes !== undefined && isRegular(bytes));
}

const root = new URL('../../', import.meta.url);
const TEXTS = /\.md$|^\.env\.example$/;

/** What comes with the code and anybody can read, as far as it was deployed. */
const publishedTexts = (): string[] =>
	['./', './docs/']
		.map((path) => new URL(path, root))
		.filter((folder) => existsSync(folder))
		.flatMap((folder) => readdirSync(folder).map((name) => ({ name, file: new URL(name, folder) })))
		.filter(({ name }) => TEXTS.test(name))
		.map(({ file }) => readFileSync(file, 'utf8'));

/** True for a key that stands in the example or the documentation. */
export const isPublished = (key: string): boolean => publishedTexts().some((text) => text.includes(key));

/** Passwords of images, tutorials and examples that no list of stolen ones has. */
const OF_EXAMPLES = ['postgres', 'postgresql', 'pgpass', 'changeme', 'change-me', 'mysecretpassword', 'gatehouse'];

/** True for a password under a million guesses, to somebody who knows the names it stands beside. */
export const isWellKnown = (password: string, names: string[]): boolean =>
	zxcvbn.check(password, [...OF_EXAMPLES, ...names.filter(Boolean)]).score < 2;
