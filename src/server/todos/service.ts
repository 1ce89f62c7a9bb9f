import type { SignedIn } from '../auth/actor.ts';
import { db } from '../db.ts';
import { AppError } from '../errors.ts';
import * as queries from './queries.ts';

/** Somebody else's looks missing to everyone, a sys_admin too: that standing opens nobody's own data. */
const missing = () => new AppError('not_found', 'There is no such todo. It may have been deleted.');

export const createTodo = ({ user }: SignedIn, title: string) => queries.insertTodo(db, user.id, title);

/** @throws {AppError} `not_found` unless it is the actor's own */
export async function updateTodo({ user }: SignedIn, id: string, change: queries.TodoChange) {
	const changed = await queries.updateTodo(db, user.id, id, change);
	if (!changed) throw missing();
	return changed;
}

/** @throws {AppError} `not_found` unless it is the actor's own */
export async function deleteTodo({ user }: SignedIn, id: string): Promise<{ deleted: true }> {
	if (!(await queries.deleteTodo(db, user.id, id))) throw missing();
	return { deleted: true };
}
