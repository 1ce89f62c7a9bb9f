/** A number of something: at any moment, or in a month that is counted from the day of the subscription. */
type Quota = { kind: 'quota'; per: 'standing' | 'month'; title: string; noun: string };
type Flag = { kind: 'flag'; title: string };

/** All that a tier grants more or less of. What an organisation's copy does not name was granted to nobody. */
export const FEATURES = {
	members: { kind: 'quota', per: 'standing', title: 'Members', noun: 'member' },
	api_keys: { kind: 'quota', per: 'standing', title: 'API keys', noun: 'API key' },
	customers: { kind: 'quota', per: 'standing', title: 'Customers', noun: 'customer' },
	api_calls: { kind: 'quota', per: 'month', title: 'API calls', noun: 'API call' },
	ai_tokens: { kind: 'quota', per: 'month', title: 'AI tokens', noun: 'AI token' },
	audit_export: { kind: 'flag', title: 'Audit log export' }
} as const satisfies Record<string, Quota | Flag>;

export type Feature = keyof typeof FEATURES;
export type QuotaName = { [F in Feature]: (typeof FEATURES)[F] extends Quota ? F : never }[Feature];
export type FlagName = Exclude<Feature, QuotaName>;

export const isFeature = (name: string): name is Feature => Object.hasOwn(FEATURES, name);
export const isQuota = (name: string): name is QuotaName => isFeature(name) && FEATURES[name].kind === 'quota';
export const isFlag = (name: Feature): name is FlagName => FEATURES[name].kind === 'flag';

/** A quota without an end. */
export const UNLIMITED = -1;

/** The lesser of a bound of somebody's own, null for none, and that of a plan; null where neither ends it. */
export const lesserBound = (own: number | null, ofPlan: number = UNLIMITED): number | null =>
	ofPlan === UNLIMITED ? own : Math.min(own ?? ofPlan, ofPlan);

export type Features = Partial<Record<QuotaName, number> & Record<FlagName, boolean>>;

/** What an organisation may do: its tier, and the copy of it that it holds. */
export type Plan = { tier: string; features: Features };

/** How much of a quota a plan grants; `UNLIMITED` for as much as one likes. */
export const quotaOf = ({ features }: Plan, quota: QuotaName): number => features[quota] ?? 0;

export const isEnabled = ({ features }: Plan, flag: FlagName): boolean => features[flag] ?? false;

/** The first of some plans that grants more of a quota, and how much. */
export function findMore(plans: { title: string; features: Features }[], quota: QuotaName, granted: number) {
	const grants = ({ features }: { features: Features }) => features[quota] ?? 0;
	const more = plans.find((plan) => grants(plan) === UNLIMITED || grants(plan) > granted);
	return more && { title: more.title, most: grants(more) };
}
