import { FEATURES, isEnabled, isFlag, quotaOf, type Feature } from '#lib/plans.ts';
import type { Org } from '../auth/access.ts';
import { findSpend } from '../spend/service.ts';
import { orgProcedure, router } from '../trpc.ts';
import { findUse, listTiers } from './queries.ts';

type Use = Awaited<ReturnType<typeof findUse>>['used'];

/** A feature as one organisation has it: of a flag only whether, of a quota how much as well; -1 is without an end. */
function describe(org: Org, used: Use, key: Feature) {
	const { title } = FEATURES[key];
	if (isFlag(key)) return { key, title, kind: 'flag' as const, used: null, limit: null, enabled: isEnabled(org, key) };
	const limit = quotaOf(org, key);
	return { key, title, kind: 'quota' as const, used: used[key] ?? 0, limit, enabled: limit !== 0 };
}

export const usageRouter = router({
	summary: orgProcedure('usage.read').query(async ({ ctx: { tx, org } }) => {
		const { used, ...period } = await findUse(tx, org.id);
		const { used: tokens, allotmentLeft, credits, overage, overageEnabled } = await findSpend(tx, org.id);
		const spend = { allotmentLeft, credits, overage, overageEnabled };
		const use = { ...used, ai_tokens: tokens };
		const features = (Object.keys(FEATURES) as Feature[]).map((key) => describe(org, use, key));
		return { tier: org.tier, period, features, spend, plans: await listTiers(tx) };
	})
});
