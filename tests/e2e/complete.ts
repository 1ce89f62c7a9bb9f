import { expect } from './fixtures.ts';
import type { Answer } from './raw.ts';

const CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const FEATURES = ['camera', 'microphone', 'geolocation', 'payment', 'usb'];

/** Expects all that every answer says, whatever it answers; of development, all but that it is on https. */
export function expectComplete(name: string, { status, headers, body }: Answer, isDeployed = true): void {
	const get = (header: string) => String(headers[header] ?? '');
	const type = get('content-type');
	const isPage = type.startsWith('text/html');
	expect.soft(get('x-request-id'), name).toMatch(/^[\da-f-]{36}$/);
	if (isDeployed) expect.soft(get('strict-transport-security'), name).toMatch(/^max-age=\d{8}; includeSubDomains$/);
	expect.soft(get('x-content-type-options'), name).toBe('nosniff');
	expect.soft(get('x-frame-options'), name).toBe('DENY');
	expect.soft(get('cross-origin-opener-policy'), name).toMatch(/^same-origin(-allow-popups)?$/);
	expect.soft(get('cross-origin-resource-policy'), name).toBe('same-origin');
	expect.soft(get('referrer-policy'), name).toMatch(/^(no-referrer|same-origin|strict-origin-when-cross-origin)$/);
	expect.soft(get('cache-control'), name).toMatch(/no-store|no-cache|must-revalidate|immutable/);
	for (const feature of FEATURES) expect.soft(get('permissions-policy'), name).toContain(`${feature}=()`);
	const policy = get('content-security-policy');
	if (isPage) expect.soft(policy, name).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
	else expect.soft(policy, name).toBe(CLOSED);
	if (/^text\/|xml/.test(type)) expect.soft(type, name).toMatch(/; ?charset=utf-8$/i);
	if (body && headers['transfer-encoding'] !== 'chunked') expect.soft(type, name).not.toBe('');
	if (status === 405) expect.soft(get('allow'), name).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
	const named = Object.keys(headers).filter((header) => /^(server|via|x-powered-by|x-sveltekit.*)$/.test(header));
	expect.soft(named, name).toEqual([]);
}
