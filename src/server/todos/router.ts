import { z } from 'zod';
import { db } from '../db.ts';
import { line, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { router, userProcedure } from '../trpc.ts';
import { listTodos, selectTodos } from './queries.ts';
import { createTodo, deleteTodo, updateTodo } from './service.ts';

const title = line(200).refine((value) => value.length > 0, 'Enter what is to be done.');

/** A list ends at a moment and, among todos of that moment, at an id. */
const position = z.tuple([instant, uuid]);

export const todosRouter = router({
	list: userProcedure.input(z.object(paging).prefault({})).query(async ({ ctx, input: { limit, cursor } }) => {
		const { id: userId } = ctx.actor.user;
		const after = readCursor(cursor, position);
		const rows = await listTodos(db, userId, after, limit + 1);
		const total = after ? null : await countRows(db, selectTodos(db, userId));
		return toPage(rows, limit, total, ({ createdAt, id }) => [createdAt, id]);
	}),

	create: userProcedure.input(z.object({ title })).mutation(({ ctx, input }) => createTodo(ctx.actor, input.title)),

	update: userProcedure
		.input(z.object({ id: uuid, title: title.optional(), done: z.boolean().optional() }))
		.mutation(({ ctx, input: { id, title, done } }) => updateTodo(ctx.actor, id, { title, done })),

	delete: userProcedure.input(z.object({ id: uuid })).mutation(({ ctx, input }) => deleteTodo(ctx.actor, input.id))
});
