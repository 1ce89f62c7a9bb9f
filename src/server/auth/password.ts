import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import pLimit from 'p-limit';
import { AppError, invalid } from '../errors.ts';

/** Argon2id as OWASP's Password Storage Cheat Sheet gives it: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const cores = availableParallelism();
const slot = pLimit(cores);

/** About two seconds of hashes at 20 ms each: whoever comes later would wait longer than a person does. */
const QUEUE = cores * 100;

/** More hashes at once than cores only make each slower; past the queue an attacker would be buying memory. */
function whenFree<T>(work: () => Promise<T>): Promise<T> {
	if (slot.pendingCount >= QUEUE) {
		throw new AppError('overloaded', 'The server is busy right now. Please try again in a moment.');
	}
	return slot(work);
}

/**
 * Hashes a password with Argon2id; takes about 15 ms of a core, so never call it inside a transaction.
 * @throws {AppError} `overloaded` when too many wait already
 */
export const hashPassword = async (password: string): Promise<string> => whenFree(() => hash(password, PARAMETERS));

let dummy: Promise<string> | undefined;

/**
 * Whether `password` is the one behind `hashed`. Without a hash it works just as long and answers false,
 * so that nobody learns from the time which accounts exist.
 * @throws {AppError} `overloaded` when too many wait already
 */
export async function verifyPassword(hashed: string | null | undefined, password: string): Promise<boolean> {
	dummy ??= hash('nobody has this password', PARAMETERS);
	const against = hashed ?? (await dummy);
	return (await whenFree(() => verify(against, password))) && hashed != null;
}

/** One answer for an unknown account, a wrong password and one that was replaced in between. */
export const wrongCredentials = (): AppError =>
	new AppError('invalid_credentials', 'That is not the right password, or there is no such account.');

/** True for a hash made with other parameters than today's. */
export function needsRehash(hashed: string): boolean {
	const { memoryCost, timeCost, parallelism } = parseOptions(hashed);
	return (
		memoryCost !== PARAMETERS.memoryCost || timeCost !== PARAMETERS.timeCost || parallelism !== PARAMETERS.parallelism
	);
}

// It works on the main thread, longest on look-alike characters: these bounds keep the worst password at 5 ms.
const zxcvbn = new ZxcvbnFactory({
	dictionary,
	graphs: adjacencyGraphs,
	maxLength: 32,
	l33tMaxSubstitutions: 5
});

/** What is left of a text when nobody sees the rest. */
const visible = (text: string) => text.replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '');

/** The deployment's say in passwords: characters at the least, a name nobody takes, and a breach service or none. */
export type PasswordRules = { minLength: number; appName: string; breachUrl: string | undefined };

/**
 * Refuses a new password that somebody could guess; there are no rules about kinds of characters.
 * @throws {AppError} `invalid` on `field`, with the reason
 */
export async function judgePassword(password: string, email: string, rules: PasswordRules, field = 'password') {
	const length = [...password].length;
	if (length < rules.minLength) throw invalid(field, `Use at least ${rules.minLength} characters.`);
	if (!visible(password)) throw invalid(field, 'Use more than spaces.');

	const plain = password.toLowerCase();
	const [mailbox = ''] = email.split('@');
	if (plain === email || plain === mailbox) throw invalid(field, 'Do not use your e-mail address as your password.');
	if (plain === rules.appName.toLowerCase()) throw invalid(field, `Do not use “${rules.appName}” as your password.`);
	// A score of 0 or 1 is under a million guesses: the list of common passwords and what is made of it.
	if (zxcvbn.check(password, [email, mailbox, rules.appName]).score < 2) {
		throw invalid(field, 'This password is too easy to guess. Try a few unrelated words.');
	}
	if (rules.breachUrl && (await isBreached(password, rules.breachUrl))) {
		throw invalid(field, 'This password is known from a data breach. Choose another one.');
	}
}

/** Asks with the first five characters of the hash alone; a service that is away or slow refuses nobody. */
async function isBreached(password: string, url: string): Promise<boolean> {
	const sha1 = createHash('sha1').update(password).digest('hex').toUpperCase();
	try {
		const reply = await fetch(`${url}/${sha1.slice(0, 5)}`, {
			headers: { 'Add-Padding': 'true' },
			redirect: 'error',
			signal: AbortSignal.timeout(1000)
		});
		if (!reply.ok) return false;
		const lines = (await reply.text()).split(/\r?\n/);
		// Padding lines carry a count of zero.
		return lines.some((entry) => entry.startsWith(sha1.slice(5)) && !/:0+$/.test(entry));
	} catch {
		return false;
	}
}
