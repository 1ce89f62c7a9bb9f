import { z } from 'zod';
import { KEY_PERMISSIONS, KEY_ROLES } from '#lib/roles.ts';
import { keyName, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { orgProcedure, router } from '../trpc.ts';
import { normalizeNetwork } from './networks.ts';
import { keysOf, listKeys } from './queries.ts';
import { createKey, revokeKey, rotateKey, updateKey } from './service.ts';

const NO_NETWORK = 'Enter networks in CIDR notation, like 203.0.113.0/24 or 2001:db8::/32.';

const network = z
	.string({ error: NO_NETWORK })
	.max(50, NO_NETWORK)
	.transform((text) => normalizeNetwork(text) ?? '')
	.refine(Boolean, NO_NETWORK);

/** What bounds a key; null, or absent, is no bound. */
const bounds = {
	permissions: z.array(z.enum(KEY_PERMISSIONS)).min(1, 'Choose at least one permission.').max(50).nullable(),
	expiresInDays: z.number().int().min(1).max(365).nullable(),
	ratePerMinute: z.number().int().min(1).max(1_000_000).nullable(),
	monthlyCalls: z.number().int().min(1).max(1_000_000_000).nullable(),
	allowedIps: z.array(network).min(1, NO_NETWORK).max(50).nullable()
};

const role = z.enum(KEY_ROLES);
const id = uuid.toLowerCase();

const keysProcedure = orgProcedure('keys.manage');

export const apiKeysRouter = router({
	list: keysProcedure.input(z.object(paging)).query(async ({ ctx: { tx, org }, input: { limit, cursor } }) => {
		const after = readCursor(cursor, z.tuple([instant, uuid]));
		const rows = await listKeys(tx, org.id, { after, limit });
		const total = after ? null : await countRows(tx, keysOf(tx, org.id).select('id'));
		return toPage(rows, limit, total, ({ createdAt, id }) => [createdAt, id]);
	}),

	create: keysProcedure
		.meta({ proof: true })
		.input(
			z.object({
				name: keyName,
				role,
				permissions: bounds.permissions.default(null),
				expiresInDays: bounds.expiresInDays.default(null),
				ratePerMinute: bounds.ratePerMinute.default(null),
				monthlyCalls: bounds.monthlyCalls.default(null),
				allowedIps: bounds.allowedIps.default(null)
			})
		)
		.mutation(({ ctx, input: { org: _, ...key } }) => createKey(ctx, key)),

	update: keysProcedure
		.input(
			z
				.object({ name: keyName, role, ...bounds })
				.partial()
				.extend({ id })
		)
		.mutation(
			({ ctx, input: { id, name, role, permissions, expiresInDays, ratePerMinute, monthlyCalls, allowedIps } }) =>
				updateKey(ctx, id, { name, role, permissions, expiresInDays, ratePerMinute, monthlyCalls, allowedIps })
		),

	rotate: keysProcedure
		.meta({ proof: true })
		.input(z.object({ id, graceMinutes: z.number().int().min(0).max(1440).default(0) }))
		.mutation(({ ctx, input: { id, graceMinutes } }) => rotateKey(ctx, id, graceMinutes)),

	revoke: keysProcedure.input(z.object({ id })).mutation(({ ctx, input: { id } }) => revokeKey(ctx, id))
});
