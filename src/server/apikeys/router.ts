import { z } from 'zod';
import { KEY_PERMISSIONS, KEY_ROLES } from '#lib/roles.ts';
import type { Inside } from '../auth/access.ts';
import { dayRange, readDays } from '../days.ts';
import { keyName, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { orgProcedure, router } from '../trpc.ts';
import { normalizeNetwork } from './networks.ts';
import { findKey, keysOf, listKeys } from './queries.ts';
import { createKey, missing, revokeKey, rotateKey, updateKey } from './service.ts';
import { listCalls, listUses } from './uses.ts';

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

async function found({ tx, org }: Pick<Inside, 'tx' | 'org'>, id: string) {
	const key = await findKey(tx, org.id, id);
	if (!key) throw missing();
	return key;
}

type Uses = Awaited<ReturnType<typeof listUses>>;

const sum = (uses: Uses, count: 'calls' | 'refused') => uses.reduce((total, use) => total + Number(use[count]), 0);
const sums = (uses: Uses) => ({ calls: sum(uses, 'calls'), refused: sum(uses, 'refused') });

/** What a key did by day and by procedure; `total` is of the calls that passed. */
const summarize = (uses: Uses) => ({
	days: [...Map.groupBy(uses, ({ day }) => day)].map(([day, uses]) => ({ day, ...sums(uses) })),
	procedures: [...Map.groupBy(uses, ({ procedure }) => procedure)].map(([procedure, uses]) => ({
		procedure,
		...sums(uses)
	})),
	total: sum(uses, 'calls')
});

export const apiKeysRouter = router({
	list: keysProcedure.input(z.object(paging)).query(async ({ ctx: { tx, org }, input: { limit, cursor } }) => {
		const after = readCursor(cursor, z.tuple([instant, uuid]));
		const rows = await listKeys(tx, org.id, { after, limit });
		const total = after ? null : await countRows(tx, keysOf(tx, org.id).select('id'));
		return toPage(rows, limit, total, ({ createdAt, id }) => [createdAt, id]);
	}),

	get: keysProcedure.input(z.object({ id })).query(({ ctx, input }) => found(ctx, input.id)),

	usage: keysProcedure.input(z.object({ id, ...dayRange })).query(async ({ ctx, input: { id: asked, ...range } }) => {
		const days = readDays(range);
		const { id } = await found(ctx, asked);
		return summarize(await listUses(ctx.tx, ctx.org.id, id, days));
	}),

	calls: keysProcedure.input(z.object({ id })).query(async ({ ctx, input }) => {
		const { id } = await found(ctx, input.id);
		return listCalls(ctx.tx, ctx.org.id, id);
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
		.meta({ proof: true })
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

	revoke: keysProcedure
		.meta({ proof: true })
		.input(z.object({ id }))
		.mutation(({ ctx, input: { id } }) => revokeKey(ctx, id))
});
