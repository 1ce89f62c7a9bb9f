import type { SignedIn } from '../../auth/actor.ts';
import { transaction } from '../../db.ts';
import { chooseForAll } from '../../settings/service.ts';
import { forgetSettings } from '../../settings/system.ts';
import { record } from '../log/service.ts';

/**
 * Chooses a setting of the whole service, in effect within two seconds in every process.
 * @throws {AppError} `invalid` for a key that there is not, and for a value that is not of its type
 */
export async function setOfSystem(actor: SignedIn, key: string, given: unknown) {
	const { value } = await transaction(async (tx) => {
		const changed = await chooseForAll(tx, key, given);
		const { before, value: after } = changed;
		if (before !== after) await record(tx, actor, 'setting.changed', { name: key }, { before, after });
		return changed;
	});
	forgetSettings();
	return { key, value };
}
