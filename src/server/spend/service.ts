import { record } from '../admin/log/service.ts';
import { audit } from '../audit/service.ts';
import { enterAll, enterOrg, type Inside } from '../auth/access.ts';
import { identityOf, type SignedIn } from '../auth/actor.ts';
import { db, transaction } from '../db.ts';
import { AppError } from '../errors.ts';
import { findOrg } from '../orgs/service.ts';
import { quotaExceeded } from '../usage/service.ts';
import * as queries from './queries.ts';

export const { findSpend } = queries;
export type { Tokens } from './queries.ts';

/** Tokens that are taken for a call under way: at the most, of each kind. */
export type Reservation = { id: string; orgId: string; model: string; worst: queries.Tokens };

type Wanted = Pick<Reservation, 'model' | 'worst'> & {
	/** The procedure that spends. */
	purpose: string;
};

/**
 * Takes the worst case of a call in the caller's transaction, which has to end before the call begins. Nothing where
 * too few tokens are left: `spendExceeded` says so, once the transaction has kept what was booked.
 */
export async function reserve({ actor, org, tx }: Inside, wanted: Wanted): Promise<Reservation | null> {
	const { model, worst } = wanted;
	const id = await queries.reserve(tx, org.id, { ...wanted, by: identityOf(actor) });
	return id === null ? null : { id, orgId: org.id, model, worst };
}

/** The refusal of a call that too few tokens are left for, with all that would lift it. */
export async function spendExceeded(orgId: string): Promise<AppError> {
	const { message } = await quotaExceeded(db, orgId, 'ai_tokens');
	const { isPossible, isEnabled } = await transaction(
		(tx) => enterOrg(tx, orgId).then(() => queries.findOverage(tx, orgId)),
		'read only'
	);
	const overage = isEnabled ? 'raise the limit of overage in its settings' : 'allow overage in its settings';
	const remedy = `An administrator of this service can grant credits${isPossible ? `, and an admin of your organization can ${overage}` : ''}.`;
	return new AppError('quota_exceeded', `${message} ${remedy}`);
}

/**
 * Ends a call at what it used, gives the rest back, and answers how many tokens it cost. Null is for a call whose
 * figures nobody told, because it was cut off: the provider may have charged for all of it, so it ends at its worst
 * case. Whoever called may have lost their membership meanwhile, so it runs outside their transactions.
 */
export const settle = ({ id, orgId, model, worst }: Reservation, used: queries.Tokens | null): Promise<number> =>
	transaction(async (tx) => {
		await enterOrg(tx, orgId);
		return (await queries.settle(tx, orgId, { id, model }, used)) ?? worst.input + worst.output;
	});

/** Minutes after which a call that has not ended is lost: no call may take that long. */
export const LOST_AFTER_MINUTES = 10;

/**
 * Ends calls that a crash has cut off; the job behind it. Nobody knows how far they got, and the provider may have
 * charged for all of it: they end at their worst case, so that no money is spent that nobody agreed to.
 */
export const settleAbandoned = (): Promise<void> =>
	transaction(async (tx) => {
		await enterAll(tx);
		await queries.settleAbandoned(tx, LOST_AFTER_MINUTES);
	});

type Chosen = { tokens: number; reason: string; reference?: string };

/**
 * Gives an organisation credits. A payment's reference counts once: the same grant again changes nothing and is
 * answered alike, so that whoever tells of a payment may repeat it.
 * @throws {AppError} `not_found`; `conflict` where the reference stands for another grant
 */
export const grantCredits = (actor: SignedIn, slug: string, { tokens, reason, reference }: Chosen) =>
	transaction(async (tx) => {
		const org = await findOrg(tx, slug);
		if (!org) throw new AppError('not_found', 'Organization not found.');
		await enterOrg(tx, org.id);
		await queries.openSpend(tx, org.id);
		const grant = { tokens, reason, reference: reference ?? null, grantedBy: actor.user.id };
		const credits = await queries.insertGrant(tx, org.id, grant);
		if (credits !== undefined) {
			const details = { tokens, reason, ...(reference && { reference }) };
			await audit(tx, actor, org.id, 'credits.granted', {}, details);
			await record(tx, actor, 'org.credits_granted', { orgId: org.id }, details);
			return { tokens, credits };
		}
		const known = await queries.findGrant(tx, org.id, reference!);
		if (Number(known?.amount) !== tokens) {
			throw new AppError('conflict', 'This reference stands for another grant. Look at it before you grant again.');
		}
		return { tokens, credits: Number(known!.credits) };
	});
