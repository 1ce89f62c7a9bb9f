import { sql } from 'kysely';
import type { Value } from '#lib/settings.ts';
import type { Db } from '../db.ts';

/** Whose setting it is: a person's, an organisation's, or that of the whole service. */
export type Owner = { userId: string } | { orgId: string } | 'system';

/** What was chosen; what was not has its default. */
export function listChosen(db: Db, owner: Owner) {
	if (owner === 'system') return db.selectFrom('systemSetting').select(['key', 'value']).execute();
	return 'orgId' in owner
		? db.selectFrom('orgSetting').where('orgId', '=', owner.orgId).select(['key', 'value']).execute()
		: db.selectFrom('userSetting').where('userId', '=', owner.userId).select(['key', 'value']).execute();
}

export async function putChosen(db: Db, owner: Owner, key: string, chosen: Value): Promise<void> {
	const value = JSON.stringify(chosen);
	if (owner === 'system') {
		const row = db.insertInto('systemSetting').values({ key, value });
		await row.onConflict((known) => known.column('key').doUpdateSet({ value })).execute();
	} else if ('orgId' in owner) {
		const row = db.insertInto('orgSetting').values({ orgId: owner.orgId, key, value });
		await row.onConflict((known) => known.columns(['orgId', 'key']).doUpdateSet({ value })).execute();
	} else {
		const row = db.insertInto('userSetting').values({ userId: owner.userId, key, value });
		await row.onConflict((known) => known.columns(['userId', 'key']).doUpdateSet({ value })).execute();
	}
}

/** Lets those who change what holds for the whole service do so one after the other; readers go on. */
export const lockSystem = (db: Db) => sql`lock table system_setting in share row exclusive mode`.execute(db);
