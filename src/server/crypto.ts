import {
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	hkdfSync,
	randomBytes,
	timingSafeEqual
} from 'node:crypto';
import { SECRET_KEY, SECRET_KEY_PREVIOUS } from '$app/env/private';

/** A new secret of 256 bits, safe in a cookie or a link. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What the database keeps of a token. It has 256 bits of its own, so one round without salt is enough. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

type Purpose =
	'csrf' | 'device' | 'erasure' | 'export' | 'farewell' | 'limit' | 'mail' | 'oauth' | 'operator' | 'username';
const derived = new Map<Purpose, Buffer[]>();

/** A key for each purpose, so that a signature or a box made for one is worthless for another; the present key first. */
function keysFor(purpose: Purpose): Buffer[] {
	const known = derived.get(purpose);
	if (known) return known;
	const secrets = [SECRET_KEY, ...SECRET_KEY_PREVIOUS];
	const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
	derived.set(purpose, keys);
	return keys;
}

const mac = (key: Buffer, value: string) => createHmac('sha256', key).update(value).digest('base64url');

export const sign = (purpose: Purpose, value: string): string => mac(keysFor(purpose)[0]!, value);

/** What `sign` makes of a value with the present key, and made of it with each previous one. */
export const signatures = (purpose: Purpose, value: string): string[] => keysFor(purpose).map((key) => mac(key, value));

/** Compares in constant time, against previous keys too. */
export function verify(purpose: Purpose, value: string, signature: string): boolean {
	const given = Buffer.from(signature);
	return keysFor(purpose).some((key) => {
		const expected = Buffer.from(mac(key, value));
		return given.length === expected.length && timingSafeEqual(given, expected);
	});
}

/** Compares secrets in a time that tells nothing of them, nor of their length. */
export const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));

const digest = (value: string) => createHash('sha256').update(value).digest();

/** AES-256-GCM: what the database must give back in clear, but not to a reader of its backup. */
export function seal(purpose: Purpose, text: string): Buffer {
	const iv = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', keysFor(purpose)[0]!, iv);
	const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
	return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** @throws {Error} when no present or previous key opens it */
export function open(purpose: Purpose, sealed: Buffer): string {
	for (const key of keysFor(purpose)) {
		const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28));
		try {
			return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8');
		} catch {
			// Sealed under another key: the next one may be it.
		}
	}
	throw new Error(`A sealed ${purpose} value opens with no present or previous SECRET_KEY.`);
}
