import { z } from 'zod';
import { db } from '../db.ts';
import { email, newSlug, orgName, slug } from '../fields.ts';
import { listSettings, setOfSystem } from '../settings/service.ts';
import { adminProcedure, router } from '../trpc.ts';
import { createOrgFor, inviteAdminTo } from './service.ts';

const orgsRouter = router({
	create: adminProcedure
		.input(z.object({ name: orgName, slug: newSlug.optional(), adminEmail: email }))
		.mutation(({ ctx, input: { adminEmail, ...chosen } }) =>
			createOrgFor(ctx.actor, adminEmail, chosen, ctx.settings.invitationDays)
		),

	inviteAdmin: adminProcedure
		.input(z.object({ org: slug, email }))
		.mutation(({ ctx, input }) => inviteAdminTo(ctx.actor, input.org, input.email, ctx.settings.invitationDays))
});

const settingsRouter = router({
	list: adminProcedure.query(() => listSettings(db, 'system')),

	set: adminProcedure
		.input(z.object({ key: z.string(), value: z.unknown() }))
		.mutation(({ input: { key, value } }) => setOfSystem(key, value))
});

export const adminRouter = router({ orgs: orgsRouter, settings: settingsRouter });
