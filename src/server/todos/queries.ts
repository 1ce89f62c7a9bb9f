import { sql } from 'kysely';
import type { Db } from '../db.ts';

/** A person's todos, newest first. */
export const selectTodos = (db: Db, userId: string) =>
	db
		.selectFrom('todo')
		.where('userId', '=', userId)
		.select(['id', 'title', 'done', 'createdAt'])
		.orderBy('createdAt', 'desc')
		.orderBy('id', 'desc');

export const listTodos = (db: Db, userId: string, after: [Date, string] | undefined, limit: number) =>
	selectTodos(db, userId)
		.$if(after !== undefined, (query) => query.where(sql<boolean>`(created_at, id) < (${after![0]}, ${after![1]})`))
		.limit(limit)
		.execute();

export const insertTodo = (db: Db, userId: string, title: string) =>
	db
		.insertInto('todo')
		.values({ userId, title })
		.returning(['id', 'title', 'done', 'createdAt'])
		.executeTakeFirstOrThrow();

export type TodoChange = { title?: string; done?: boolean };

/** Changes what is given; nothing when the todo is somebody else's. The id is set to itself, for an empty SET is no statement. */
export const updateTodo = (db: Db, userId: string, id: string, { title, done }: TodoChange) =>
	db
		.updateTable('todo')
		.where('userId', '=', userId)
		.where('id', '=', id)
		.set({ id, title, done })
		.returning(['id', 'title', 'done', 'createdAt'])
		.executeTakeFirst();

export const deleteTodo = (db: Db, userId: string, id: string) =>
	db.deleteFrom('todo').where('userId', '=', userId).where('id', '=', id).returning('id').executeTakeFirst();
