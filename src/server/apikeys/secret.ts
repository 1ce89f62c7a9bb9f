import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters of the alphabet that hold 256 bits. */
const SECRET = 43;
const PREFIX = 8;
const CHECKSUM = 6;

/** A key as it is written; letters and digits alone, so that a double click selects it, and scanners find it. */
const KEY = new RegExp(`^gh_[${ALPHABET}]{${PREFIX}}_[${ALPHABET}]{${SECRET + CHECKSUM}}$`);

const random = (length: number) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** CRC-32 in the alphabet: whoever scans for keys, or mistypes one, needs no server to know it. */
function checksum(text: string): string {
	let rest = crc32(text);
	let written = '';
	for (let nth = 0; nth < CHECKSUM; nth++) {
		written = ALPHABET[rest % ALPHABET.length]! + written;
		rest = Math.floor(rest / ALPHABET.length);
	}
	return written;
}

/** A new key: shown once, known by its prefix. */
export function newKey(): { key: string; prefix: string } {
	const prefix = `gh_${random(PREFIX)}`;
	const body = `${prefix}_${random(SECRET)}`;
	return { key: body + checksum(body), prefix };
}

/** Whether a text could be a key of ours at all. */
export const isKey = (text: string): boolean =>
	KEY.test(text) && checksum(text.slice(0, -CHECKSUM)) === text.slice(-CHECKSUM);
