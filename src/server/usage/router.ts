import { z } from 'zod';
import { FEATURES, isEnabled, isFlag, quotaOf, type Feature } from '#lib/plans.ts';
import { can } from '#lib/roles.ts';
import type { Measure, Used } from '#lib/usage.ts';
import type { Org } from '../auth/access.ts';
import { identityOf } from '../auth/actor.ts';
import { dayRange, lastDays, readDays } from '../days.ts';
import { findSpend } from '../spend/service.ts';
import { adminProcedure, orgProcedure, router } from '../trpc.ts';
import { listDays, listTopUsers } from './history.ts';
import { findUse, listTiers } from './queries.ts';
import * as rest from './rest.ts';
import { readFleet } from './service.ts';

/** Rows of a list of those who used most. */
const TOP = 20;

type Use = Awaited<ReturnType<typeof findUse>>['used'];

/** A feature as one organisation has it: of a flag only whether, of a quota how much as well; -1 is without an end. */
function describe(org: Org, used: Use, key: Feature) {
	const { title } = FEATURES[key];
	if (isFlag(key)) return { key, title, kind: 'flag' as const, used: null, limit: null, enabled: isEnabled(org, key) };
	const limit = quotaOf(org, key);
	return { key, title, kind: 'quota' as const, used: used[key] ?? 0, limit, enabled: limit !== 0 };
}

function sumOf(days: Used[]): Used {
	const sum = (measure: Measure) => days.reduce((total, day) => total + day[measure], 0);
	return { calls: sum('calls'), customers: sum('customers'), aiTokens: sum('aiTokens') };
}

export const usageRouter = router({
	summary: orgProcedure('usage.read')
		.meta({ rest: rest.summary })
		.query(async ({ ctx: { tx, org } }) => {
			const { used, limits, ...period } = await findUse(tx, org.id);
			const { used: tokens, allotmentLeft, credits, overage, overageEnabled } = await findSpend(tx, org.id);
			const spend = { allotmentLeft, credits, overage, overageEnabled };
			const use = { ...used, ai_tokens: tokens };
			const features = (Object.keys(FEATURES) as Feature[]).map((key) => describe(org, use, key));
			return { tier: org.tier, period, features, limits, spend, plans: await listTiers(tx) };
		}),

	/** A person sees what they used themselves, and who may see the use of others sees that of all. */
	history: orgProcedure('usage.read')
		.meta({ rest: rest.history })
		.input(z.object(dayRange))
		.query(async ({ ctx: { actor, tx, org }, input }) => {
			const by = can(org.role, 'usage.readAll') ? undefined : identityOf(actor);
			const days = await listDays(tx, org.id, readDays(input), by);
			return { days, total: sumOf(days) };
		}),

	topUsers: orgProcedure('usage.readAll')
		.meta({ rest: rest.topUsers })
		.input(z.object(dayRange))
		.query(async ({ ctx: { tx, org }, input }) => ({ items: await listTopUsers(tx, org.id, readDays(input), TOP) })),

	fleet: adminProcedure
		.input(z.object({ days: z.int().min(1).max(366).default(30) }).prefault({}))
		.query(({ input: { days } }) => readFleet(lastDays(days)))
});
