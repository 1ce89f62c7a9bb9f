import { expect, test } from 'vitest';
import { hashToken, newToken, open, seal, sign, verify } from './crypto.ts';

test('tokens are long, random and safe in a link', () => {
	const tokens = new Set(Array.from({ length: 100 }, newToken));
	expect(tokens.size).toBe(100);
	for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
	expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('a signature holds for its value and its purpose alone', () => {
	const signature = sign('csrf', 'session');
	expect(verify('csrf', 'session', signature)).toBe(true);
	expect(verify('csrf', 'another', signature)).toBe(false);
	expect(verify('mail', 'session', signature)).toBe(false);
	for (const forged of ['', 'x', `${signature}x`, signature.toLowerCase()])
		expect(verify('csrf', 'session', forged)).toBe(false);
});

test('a sealed text opens whole or not at all', () => {
	const sealed = seal('mail', 'the link');
	expect(sealed.includes('the link')).toBe(false);
	expect(open('mail', sealed)).toBe('the link');
	expect(() => open('csrf', sealed)).toThrow('SECRET_KEY');
	sealed[sealed.length - 1]! ^= 1;
	expect(() => open('mail', sealed)).toThrow('SECRET_KEY');
});
