import { z } from 'zod';
import { db } from '../db.ts';
import { personName, username } from '../fields.ts';
import { router, userProcedure } from '../trpc.ts';
import { findProfile } from './queries.ts';
import { updateProfile } from './service.ts';

const profile = z.object({
	firstName: personName.nullable().optional(),
	lastName: personName.nullable().optional(),
	username: username.nullable().optional()
});

export const accountRouter = router({
	get: userProcedure.query(({ ctx }) => findProfile(db, ctx.actor.user.id)),

	update: userProcedure.input(profile).mutation(({ ctx, input }) => updateProfile(ctx.actor.user.id, input))
});
