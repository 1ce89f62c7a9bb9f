import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: 64, l33tMaxSubstitutions: 5 });

/** Words that somebody typed; 44 random characters hold one of them once in many million keys. */
const TELLTALE = /secret|change.?me|example|password|placeholder|replace|default|insecure|production|gatehouse/i;

/** About 80 bits; the worst of many keys of 16 random bytes in hex is at 28. */
const LEAST_GUESSES_LOG10 = 24;

/** True for a key that no generator made: it repeats itself, follows the keyboard or the alphabet, or is made of words. */
export const isGuessable = (key: string): boolean =>
	new Set(key).size < 10 || TELLTALE.test(key) || zxcvbn.check(key).guessesLog10 < LEAST_GUESSES_LOG10;

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
