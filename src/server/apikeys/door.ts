import type { Actor } from '../auth/actor.ts';
import { AppError } from '../errors.ts';
import { minuteHeaders } from './budget.ts';
import { exposesKey } from './secret.ts';

/**
 * An address stands in logs and histories on its way: a key in it is a secret no more.
 * @throws {AppError} `invalid`
 */
export function refuseExposedKey(url: URL): void {
	if (!exposesKey(url)) return;
	const message =
		'An API key was sent in the address, where logs keep it. Revoke it, and send its successor as “Authorization: Bearer”.';
	throw new AppError('invalid', message);
}

/** Where programs are answered: procedures, and what an organisation sends and takes beside them. */
const FOR_KEYS = /^\/(trpc|api|\(app\)\/orgs\/\[org\])\//;

/**
 * Keeps keys to where programs are answered; `isDoor` is false for a page.
 * @throws {AppError} `forbidden`
 */
export function refuseKeyAt(routeId: string | null, isDoor: boolean, actor: Actor): void {
	if (actor.kind !== 'apiKey' || routeId === null || (isDoor && FOR_KEYS.test(routeId))) return;
	throw new AppError('forbidden', 'An API key opens no pages. Call the procedures with it.');
}

/** Tells a key with every answer what its minute has left. */
export function showMinute(actor: Actor, { headers }: Response): void {
	if (actor.kind !== 'apiKey') return;
	for (const [name, value] of Object.entries(minuteHeaders(actor.key))) headers.set(name, value);
}
