import { z } from 'zod';
import { findSetting, SETTINGS, type Setting, type SettingScope, type Value } from '#lib/settings.ts';
import { lockProfile, noteEvent } from '../accounts/service.ts';
import { audit } from '../audit/service.ts';
import type { Inside } from '../auth/access.ts';
import type { SignedIn } from '../auth/actor.ts';
import { transaction, type Db } from '../db.ts';
import { invalid } from '../errors.ts';
import { seenLine } from '../fields.ts';
import { lockOrg } from '../orgs/service.ts';
import { listChosen, lockSystem, putChosen, type Owner } from './queries.ts';

const scopeOf = (owner: Owner): SettingScope => (owner === 'system' ? 'system' : 'orgId' in owner ? 'org' : 'user');

/** Every setting that there is, with what holds: what was chosen, or else the default. */
export async function listSettings(db: Db, owner: Owner) {
	const chosen = new Map((await listChosen(db, owner)).map(({ key, value }) => [key, value]));
	const items = Object.entries<Setting>(SETTINGS[scopeOf(owner)]).map(([key, setting]) => ({
		key,
		...setting,
		value: (chosen.get(key) ?? setting.default) as Value
	}));
	return { items, nextCursor: null, total: items.length };
}

type Of<Type extends Setting['type']> = Extract<Setting, { type: Type }>;

const rangeOf = ({ least, most }: Of<'integer'>) =>
	`${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;

/** What may be chosen for a setting of each type. */
const SHAPES: { [Type in Setting['type']]: (setting: Of<Type>) => z.ZodType<Value> } = {
	boolean: () => z.boolean({ error: 'This setting is on or off: send true or false.' }),
	integer: (setting) => {
		const error = `Enter a whole number from ${rangeOf(setting)}.`;
		return z.int({ error }).min(setting.least, error).max(setting.most, error);
	},
	text: ({ most }) => seenLine(most)
};

function parse(owner: Owner, key: string, value: unknown): Value {
	const setting = findSetting(scopeOf(owner), key);
	if (!setting) throw invalid('key', 'There is no such setting.');
	const { success, data, error } = SHAPES[setting.type](setting as never).safeParse(value);
	if (!success) throw invalid('value', error.issues[0]!.message);
	return data;
}

type Changed = { key: string; before: Value; value: Value };

/**
 * Writes down what is chosen, for an owner that is locked, so that what was there before is told truly.
 * @throws {AppError} `invalid` for a key that there is not, and for a value that is not of its type
 */
async function choose(tx: Db, owner: Owner, key: string, given: unknown): Promise<Changed> {
	const value = parse(owner, key, given);
	const { items } = await listSettings(tx, owner);
	const { value: before } = items.find((item) => item.key === key)!;
	if (before !== value) await putChosen(tx, owner, key, value);
	return { key, before, value };
}

/** Chooses one's own setting; throws what `choose` throws. */
export const setOwn = (actor: SignedIn, key: string, given: unknown) =>
	transaction(async (tx) => {
		const { id: userId } = actor.user;
		await lockProfile(tx, userId);
		const { before, value } = await choose(tx, { userId }, key, given);
		if (before !== value) await noteEvent(tx, actor, userId, 'setting.changed', { key, before, after: value });
		return { key, value };
	});

/** The same for the organisation that the call is in. */
export async function setOfOrg({ actor, org, tx }: Inside, key: string, given: unknown) {
	await lockOrg(tx, org.id);
	const { before, value } = await choose(tx, { orgId: org.id }, key, given);
	if (before !== value) await audit(tx, actor, org.id, 'setting.changed', { name: key }, { before, after: value });
	return { key, value };
}

/** Writes down what is chosen for the whole service; throws what `choose` throws. */
export async function chooseForAll(tx: Db, key: string, given: unknown): Promise<Changed> {
	await lockSystem(tx);
	return choose(tx, 'system', key, given);
}
