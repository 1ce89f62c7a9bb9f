import { isDeepStrictEqual } from 'node:util';
import { atLeast, keyPermissions } from '#lib/roles.ts';
import { audit } from '../audit/service.ts';
import type { PersonInside } from '../auth/access.ts';
import { hashToken } from '../crypto.ts';
import { violates } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import { isWithin } from './networks.ts';
import * as queries from './queries.ts';
import { newKey } from './secret.ts';

type Bounds = Omit<queries.Bounds, 'expiresAt'> & { expiresInDays: number | null };

export const missing = () => new AppError('not_found', 'There is no such API key.');
const ended = () => new AppError('conflict', 'This API key is revoked or expired. Create a new one.');

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/**
 * Makes a key in the name of whoever asks, and mails them that it was made. Its text is in the answer alone.
 * @throws {AppError} `quota_exceeded`
 */
export async function createKey(
	{ tx, actor, org }: PersonInside,
	{ expiresInDays, ...chosen }: Bounds & { name: string }
) {
	const { key, prefix } = newKey();
	const expiresAt = expiresInDays === null ? null : inDays(expiresInDays);
	const { user } = actor;
	await queries.endExpired(tx, org.id);
	const bounds = { ...chosen, expiresAt };
	const made = await queries
		.insertKey(tx, org.id, { ...bounds, hash: hashToken(key), prefix, makerId: user.id })
		.catch((error: unknown) => {
			// They were removed between finding them here and this.
			if (violates(error, 'api_key_org_id_maker_id_fkey')) throw new AppError('not_found', 'Organization not found.');
			throw error;
		});
	const { id, createdAt } = made;
	const { name, role, ratePerMinute, monthlyCalls, allowedIps } = chosen;
	const permissions = keyPermissions(role, chosen.permissions);
	await audit(tx, actor, org.id, 'key.created', { id, name }, { role, permissions, prefix, expiresAt });
	await queueMail(tx, user.email, 'key_created', { org: org.name, slug: org.slug, name, prefix });
	return { id, key, prefix, name, role, permissions, createdAt, expiresAt, ratePerMinute, monthlyCalls, allowedIps };
}

const WIDER = 'A key can only be narrowed. Create a new one that may do more.';
const tooWide = (fields: string[]) =>
	new AppError('invalid', WIDER, Object.fromEntries(fields.map((field) => [field, [WIDER]])));

type Change = Partial<Bounds & { name: string }>;

/** No more than before, where null is without an end. */
const isNoMore = (after: number | Date | null, before: number | Date | null): boolean =>
	before === null || (after !== null && after <= before);

/** Whether each bound of a key is within the one before it; the fields where it is not. */
function widened(before: queries.Bounds, after: queries.Bounds): string[] {
	const held = keyPermissions(before.role, before.permissions);
	const narrower: Record<string, boolean> = {
		role: atLeast(before.role, after.role),
		permissions: keyPermissions(after.role, after.permissions).every((permission) => held.includes(permission)),
		expiresInDays: isNoMore(after.expiresAt, before.expiresAt),
		ratePerMinute: isNoMore(after.ratePerMinute, before.ratePerMinute),
		monthlyCalls: isNoMore(after.monthlyCalls, before.monthlyCalls),
		allowedIps:
			before.allowedIps === null || !!after.allowedIps?.every((network) => isWithin(network, before.allowedIps!))
	};
	return Object.keys(narrower).filter((field) => !narrower[field]);
}

/**
 * Renames a key, or narrows what it may do: what programs hold must never gain by it.
 * @throws {AppError} `not_found`; `conflict` for one that has ended; `invalid` for what would widen it
 */
export async function updateKey({ tx, actor, org }: PersonInside, id: string, { expiresInDays, ...change }: Change) {
	const found = await queries.lockLiveKey(tx, org.id, id);
	if (!found) throw found === null ? ended() : missing();
	const { name, role, permissions, expiresAt, ratePerMinute, monthlyCalls, allowedIps } = found;
	const before = { name, role, permissions, expiresAt, ratePerMinute, monthlyCalls, allowedIps };
	const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
	const after: typeof before = { ...before, ...given };
	if (expiresInDays !== undefined) after.expiresAt = expiresInDays === null ? null : inDays(expiresInDays);
	const fields = widened(before, after);
	if (fields.length > 0) throw tooWide(fields);
	if (isDeepStrictEqual(before, after)) return (await queries.findKey(tx, org.id, id))!;
	await queries.updateKey(tx, org.id, id, after);
	await audit(tx, actor, org.id, 'key.updated', { id, name: after.name }, { before, after });
	return (await queries.findKey(tx, org.id, id))!;
}

/**
 * Gives a key another secret, and mails that it did. The one before it works for so many minutes more.
 * @throws {AppError} `not_found`; `conflict` for one that has ended
 */
export async function rotateKey({ tx, actor, org }: PersonInside, id: string, graceMinutes: number) {
	const found = await queries.lockLiveKey(tx, org.id, id);
	if (!found) throw found === null ? ended() : missing();
	const { key, prefix } = newKey();
	await queries.replaceSecret(tx, id, { hash: hashToken(key), prefix }, graceMinutes);
	const { name } = found;
	await audit(tx, actor, org.id, 'key.rotated', { id, name }, { prefix, graceMinutes });
	await queueMail(tx, actor.user.email, 'key_rotated', { org: org.name, slug: org.slug, name, prefix });
	return { id, key, prefix };
}

/** @throws {AppError} `not_found` where there is none, or none any more */
export async function revokeKey({ tx, actor, org }: PersonInside, id: string) {
	const revoked = await queries.revokeKey(tx, org.id, id);
	if (!revoked) throw missing();
	await audit(tx, actor, org.id, 'key.revoked', { id, name: revoked.name });
	return { id, revokedAt: revoked.revokedAt };
}
