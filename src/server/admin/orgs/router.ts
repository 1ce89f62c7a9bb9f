import { z } from 'zod';
import { email, newSlug, orgName, slug } from '../../fields.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { createOrgFor, inviteAdminTo } from './service.ts';

export const orgsRouter = router({
	create: adminProcedure
		.input(z.object({ name: orgName, slug: newSlug.optional(), adminEmail: email }))
		.mutation(({ ctx, input: { adminEmail, ...chosen } }) =>
			createOrgFor(ctx.actor, adminEmail, chosen, ctx.settings.invitationDays)
		),

	inviteAdmin: adminProcedure
		.input(z.object({ org: slug, email }))
		.mutation(({ ctx, input }) => inviteAdminTo(ctx.actor, input.org, input.email, ctx.settings.invitationDays))
});
