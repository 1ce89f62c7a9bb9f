const HEX = /^(?:[\da-f]{2}[-: ]?)+$/i;
const BASE64 = /^[\w+/-]+={0,2}$/;

/** Bytes that a key must hold. */
export const KEY_BYTES = 32;

export const isPrintable = (bytes: Buffer): boolean => /^[\t\n\r -~]+$/.test(bytes.toString('latin1'));

/**
 * What a text encodes in hex, base64 or base64url; nothing for other text. A UUID is hex. Without its padding, base64
 * of fewer bytes than a key has cannot be told from characters that are random themselves, and counts as those.
 */
export function decode(text: string): Buffer | undefined {
	if (HEX.test(text)) return Buffer.from(text.replaceAll(/[-: ]/g, ''), 'hex');
	if (!BASE64.test(text)) return undefined;
	const bytes = Buffer.from(text, 'base64');
	return text.endsWith('=') || bytes.length >= KEY_BYTES || isPrintable(bytes) ? bytes : undefined;
}

/** The bytes in a key, however often it is encoded; of one that is not, its characters. */
export function bytesOf(key: string): Buffer {
	const bytes = decode(key);
	if (!bytes) return Buffer.from(key);
	return isPrintable(bytes) ? bytesOf(bytes.toString('latin1').trim()) : bytes;
}
