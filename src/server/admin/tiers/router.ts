import { z } from 'zod';
import { PERMISSIONS } from '#lib/roles.ts';
import { db } from '../../db.ts';
import { invalid } from '../../errors.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { DOORS, tierChange, type TierChange } from '../../usage/tier.ts';
import { listTiers } from './queries.ts';
import { updateTier } from './service.ts';

/** @throws {AppError} `invalid` for a limit of what no organisation calls: a slip of the pen would limit nothing */
async function requireCallable(names: string[]): Promise<void> {
	// Imported when somebody asks: the table of all procedures has these in it.
	const { accessTable } = await import('../../router.ts');
	const called = accessTable().flatMap(({ path, access }) => (Object.hasOwn(PERMISSIONS, access ?? '') ? [path] : []));
	const callable = new Set(['*', ...DOORS, ...called]);
	const unknown = names.find((name) => !callable.has(name));
	if (unknown !== undefined) throw invalid('limits', `There is no call “${unknown}” in an organization to limit.`);
}

export const tiersRouter = router({
	list: adminProcedure.query(async () => {
		const items = await listTiers(db);
		return { items, nextCursor: null, total: items.length };
	}),

	update: adminProcedure
		.input(tierChange.extend({ key: z.string() }))
		.mutation(async ({ ctx, input: { key, ...change } }) => {
			await requireCallable(Object.keys(change.limits ?? {}));
			return updateTier(ctx.actor, key, change as TierChange);
		})
});
