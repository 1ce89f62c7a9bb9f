import type { SignedIn } from '../../auth/actor.ts';
import { transaction } from '../../db.ts';
import { choose } from '../../settings/service.ts';
import { record } from '../log/service.ts';

/**
 * Chooses a setting of the whole service, in effect with the next call in every process.
 * @throws {AppError} `invalid` for a key that there is not, and for a value that is not of its type
 */
export const setOfSystem = (actor: SignedIn, key: string, given: unknown) =>
	transaction(async (tx) => {
		const { before, value } = await choose(tx, 'system', key, given);
		if (before !== value) await record(tx, actor, 'setting.changed', { name: key }, { before, after: value });
		return { key, value };
	});
