import { countOf } from '#lib/format.ts';
import { FEATURES, isEnabled, isQuota, UNLIMITED, type FlagName, type QuotaName } from '#lib/plans.ts';
import { enterAll, type Inside } from '../auth/access.ts';
import { identityOf } from '../auth/actor.ts';
import { db, transaction, violation, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMails } from '../mail/service.ts';
import { listFleetDays, listTopOrgs, type Days } from './history.ts';
import * as queries from './queries.ts';

/** Rows of a list of the organisations that used most. */
const TOP_ORGS = 100;

export const { listTiers, lockLeft } = queries;

/** Notes what somebody uses, in the transaction that uses it. */
export const noteUse = async ({ actor, org, tx }: Inside, measure: queries.Measured, used: number): Promise<void> =>
	void (await queries.noteUse(tx, org.id, measure, identityOf(actor), used));

/** @throws {AppError} `feature_disabled`, which names the tier that has it */
export async function requireFeature({ tx, org }: Pick<Inside, 'tx' | 'org'>, flag: FlagName): Promise<void> {
	if (isEnabled(org, flag)) return;
	const lifting = await queries.findLifting(tx, flag, false);
	throw disabled(FEATURES[flag].title, lifting?.title);
}

/** @throws {AppError} `feature_disabled` below the tier, which names the procedure and the tier */
export async function requireTier(
	{ tx, org }: Pick<Inside, 'tx' | 'org'>,
	key: string,
	procedure: string
): Promise<void> {
	const { title, isReached } = await queries.findTier(tx, key, org.tier);
	if (!isReached) throw disabled(procedure, title);
}

const disabled = (what: string, tier: string | undefined) =>
	new AppError(
		'feature_disabled',
		tier
			? `${what} is part of the ${tier} plan. An admin of your organization can change its plan.`
			: `${what} is not part of any plan right now.`
	);

/**
 * The refusal of whoever is over a quota, with the tier that would lift it; it looks that up, so it is made after the
 * transaction that was refused has ended, or in one that goes on.
 */
export async function quotaExceeded(db: Db, orgId: string, quota: QuotaName): Promise<AppError> {
	const granted = (await queries.findFeatures(db, orgId))?.[quota] ?? 0;
	const lifting = await queries.findLifting(db, quota, granted);
	const { noun, per } = FEATURES[quota];
	const includes = `Your plan includes ${countOf(granted, noun)}${per === 'month' ? ' a month' : ''}, and they are used up.`;
	const more = lifting?.grants === UNLIMITED ? 'as many as you like' : countOf(Number(lifting?.grants), noun);
	const remedy = lifting ? `The ${lifting.title} plan includes ${more}.` : 'No plan includes more.';
	return new AppError('quota_exceeded', `${includes} ${remedy}`);
}

/** The refusal behind the violation of a standing quota; nothing for any other error. */
export async function findExceeded(error: unknown): Promise<AppError | undefined> {
	const { constraint, detail } = violation(error) ?? {};
	const quota = constraint?.replace(/^quota_/, '');
	if (!quota || quota === constraint || !detail || !isQuota(quota)) return undefined;
	return quotaExceeded(db, detail, quota);
}

export type QuotaWarning = { orgId: string; feature: string; level: 80 | 100; used: number; most: number };

/** Tells an organisation's admins that a quota is used up, or soon will be; the job behind it. */
export const warnOfQuota = ({ orgId, feature, level, used, most }: QuotaWarning): Promise<void> =>
	transaction(async (tx) => {
		if (!isQuota(feature)) return;
		const admins = await queries.listAdmins(tx, orgId);
		const mails = admins.map(({ email, name, slug }) => ({
			to: email,
			props: { org: name, slug, quota: feature, level, used, most }
		}));
		if (mails.length > 0) await queueMails(tx, 'quota_warning', mails);
	});

/** What all organisations together used on some days, and those that used most. */
export const readFleet = (days: Days) =>
	transaction(async (tx) => {
		await enterAll(tx);
		return { days: await listFleetDays(tx, days), orgs: await listTopOrgs(tx, days, TOP_ORGS) };
	}, 'read only');
