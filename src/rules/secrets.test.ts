import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bytesOf } from './encoding.ts';
import { isGuessable } from './secrets.ts';

const encoded = (text: string, encoding: BufferEncoding) => Buffer.from(text).toString(encoding);
const made = (length: number, byte: (n: number) => number) => Buffer.from(Array.from({ length }, (_, n) => byte(n)));

test.for([
	'correct-horse-battery-staple-correct-horse',
	'The quick brown fox jumps over the lazy dog 2024!',
	'MyCompanyInternalSigningKeyForProd',
	'MyCompanyInternalSigningKeyForEveryService2024',
	'thisisaverylongkeyforthejwtsigning',
	'your-256-bit-key-goes-here-1234567',
	'THIS_IS_THE_KEY_FOR_ALL_OUR_JWT_TOKENS',
	'mein-kleines-haus-am-see-mit-garten',
	encoded('test'.repeat(8), 'base64'),
	encoded('test'.repeat(8), 'hex'),
	encoded('correct horse battery staple and a fox', 'base64url'),
	encoded(encoded('correct horse battery staple and a fox\n', 'base64'), 'base64'),
	made(32, (n) => n).toString('base64'),
	made(32, (n) => 255 - n).toString('base64url'),
	made(32, (n) => 7 * n).toString('hex'),
	made(32, () => 0xc7).toString('base64'),
	made(48, (n) => [3, 141, 59, 26, 200, 255][n % 6]!).toString('base64'),
	randomBytes(16).toString('hex').repeat(2)
])('%s can be guessed', (key) => {
	expect(isGuessable(key)).toBe(true);
});

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Who makes random keys of 32 bytes or more, or of as many characters. */
const MAKERS: [string, () => string][] = [
	['hex', () => randomBytes(32).toString('hex')],
	['base64', () => randomBytes(32).toString('base64')],
	['base64url', () => randomBytes(32).toString('base64url')],
	['base64 of hex', () => encoded(`${randomBytes(32).toString('hex')}\n`, 'base64')],
	['base64 of 64 bytes', () => randomBytes(64).toString('base64')],
	['two UUIDs', () => randomUUID() + randomUUID()],
	['letters and digits', () => Array.from({ length: 32 }, () => ALPHANUMERIC[randomInt(62)]).join('')]
];

test.for(MAKERS)('no random key is taken for one that somebody typed: %s', ([, make]) => {
	for (let n = 0; n < 60; n++) {
		const key = make();
		expect(bytesOf(key).length, key).toBeGreaterThanOrEqual(32);
		expect(isGuessable(key), key).toBe(false);
	}
});
