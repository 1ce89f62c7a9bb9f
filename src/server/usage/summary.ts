import { FEATURES, isEnabled, isFlag, quotaOf, type Feature, type Plan } from '#lib/plans.ts';
import type { Db } from '../db.ts';
import { findSpend } from '../spend/service.ts';
import { findUse } from './queries.ts';

type Use = Awaited<ReturnType<typeof findUse>>['used'];

/** A feature as one organisation has it: of a flag only whether, of a quota how much as well; -1 is without an end. */
function describe(plan: Plan, used: Use, key: Feature) {
	const { title } = FEATURES[key];
	if (isFlag(key)) {
		return { key, title, kind: 'flag' as const, used: null, limit: null, enabled: isEnabled(plan, key) };
	}
	const limit = quotaOf(plan, key);
	return { key, title, kind: 'quota' as const, used: used[key] ?? 0, limit, enabled: limit !== 0 };
}

/** What an organisation has used of its plan, for a transaction that has entered it. */
export async function summarize(tx: Db, { id, ...plan }: Plan & { id: string }) {
	const { used, limits, ...period } = await findUse(tx, id);
	const { used: tokens, allotmentLeft, credits, overage, overageEnabled } = await findSpend(tx, id);
	const use = { ...used, ai_tokens: tokens };
	const features = (Object.keys(FEATURES) as Feature[]).map((key) => describe(plan, use, key));
	return {
		tier: plan.tier,
		period,
		features,
		limits,
		spend: { allotmentLeft, credits, overage, overageEnabled }
	};
}
