import type { Db } from '../db.ts';

/** Says where a person's picture is, and locks the person. */
export const setAddress = (db: Db, userId: string, avatarUrl: string) =>
	db.updateTable('user').where('id', '=', userId).set({ avatarUrl }).execute();

/** Nothing when there was none; one that a provider told of counts, too. */
export const clearAddress = (db: Db, userId: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.where('avatarUrl', 'is not', null)
		.set({ avatarUrl: null })
		.returning('id')
		.executeTakeFirst();

export const putPicture = (db: Db, userId: string, name: string, picture: Buffer) =>
	db
		.insertInto('avatar')
		.values({ userId, name, picture })
		.onConflict((known) => known.column('userId').doUpdateSet({ name, picture }))
		.execute();

export const deletePicture = (db: Db, userId: string) => db.deleteFrom('avatar').where('userId', '=', userId).execute();

export const findPicture = (db: Db, name: string) =>
	db
		.selectFrom('avatar')
		.innerJoin('user', 'user.id', 'avatar.userId')
		.where('avatar.name', '=', name)
		.where('user.deactivatedAt', 'is', null)
		.select('avatar.picture')
		.executeTakeFirst();
