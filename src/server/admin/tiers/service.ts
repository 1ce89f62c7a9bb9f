import { isDeepStrictEqual } from 'node:util';
import type { SignedIn } from '../../auth/actor.ts';
import { transaction } from '../../db.ts';
import { AppError } from '../../errors.ts';
import type { TierChange } from '../../usage/tier.ts';
import { record } from '../log/service.ts';
import * as queries from './queries.ts';

type Parts = Pick<queries.Tier, 'title' | 'features' | 'limits'>;

/** What of `parts` is otherwise in `others`; of what holds several, those that are. */
const differing = <T extends object>(parts: T, others: object) =>
	Object.fromEntries(
		Object.entries(parts).filter(
			([name, value]) => !isDeepStrictEqual(value, (others as Record<string, unknown>)[name])
		)
	);

function tellOf({ title, features, limits }: Parts, others: Parts) {
	const told = {
		features: differing(features, others.features),
		limits: differing(limits, others.limits)
	};
	const parts = Object.entries(told).filter(([, part]) => Object.keys(part).length > 0);
	return { ...(title !== others.title && { title }), ...Object.fromEntries(parts) };
}

/**
 * Changes a tier for those who are put on it from there on. Organisations keep the copy that they hold: what they
 * may do changes when their tier is set the next time, and not behind their backs.
 * @throws {AppError} `not_found`
 */
export const updateTier = (actor: SignedIn, key: string, change: TierChange) =>
	transaction(async (tx) => {
		const before = await queries.lockTier(tx, key);
		if (!before) throw new AppError('not_found', 'There is no such plan.');
		const after: queries.Tier = {
			key,
			title: change.title ?? before.title,
			features: { ...before.features, ...change.features },
			limits: change.limits ?? before.limits
		};
		if (isDeepStrictEqual(after, before)) return after;
		await queries.updateTier(tx, after);
		const details = { before: tellOf(before, after), after: tellOf(after, before) };
		await record(tx, actor, 'tier.updated', { name: key }, details);
		return after;
	});
