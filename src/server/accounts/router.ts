import { z } from 'zod';
import { db } from '../db.ts';
import { personName, timeZone, username, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { router, userProcedure } from '../trpc.ts';
import { findProfile, listEvents, selectEvents } from './queries.ts';
import { updateProfile } from './service.ts';

const profile = z.object({
	firstName: personName.nullable().optional(),
	lastName: personName.nullable().optional(),
	username: username.nullable().optional(),
	timeZone: timeZone.nullable().optional()
});

/** A list ends at a moment and, among events of that moment, at an id. */
const position = z.tuple([instant, uuid]);

export const accountRouter = router({
	get: userProcedure.query(({ ctx }) => findProfile(db, ctx.actor.user.id)),

	update: userProcedure.input(profile).mutation(({ ctx, input }) => updateProfile(ctx.actor, input)),

	activity: userProcedure.input(z.object(paging).prefault({})).query(async ({ ctx, input: { limit, cursor } }) => {
		const { id: userId } = ctx.actor.user;
		const after = readCursor(cursor, position);
		const rows = await listEvents(db, userId, after, limit + 1);
		const total = after ? null : await countRows(db, selectEvents(db, userId));
		return toPage(rows, limit, total, ({ at, id }) => [at, id]);
	})
});
