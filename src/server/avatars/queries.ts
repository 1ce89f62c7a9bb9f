import type { Db } from '../db.ts';

/** Where a person's picture is, or that there is none; locks the person. */
export const setAddress = (db: Db, userId: string, avatarUrl: string | null) =>
	db.updateTable('user').where('id', '=', userId).set({ avatarUrl }).execute();

export const putPicture = (db: Db, userId: string, name: string, picture: Buffer) =>
	db
		.insertInto('avatar')
		.values({ userId, name, picture })
		.onConflict((known) => known.column('userId').doUpdateSet({ name, picture }))
		.execute();

/** Nothing when there was none. */
export const deletePicture = (db: Db, userId: string) =>
	db.deleteFrom('avatar').where('userId', '=', userId).returning('name').executeTakeFirst();

export const findPicture = (db: Db, name: string) =>
	db.selectFrom('avatar').where('name', '=', name).select('picture').executeTakeFirst();
