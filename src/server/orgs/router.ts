import { z } from 'zod';
import { createOrgFor } from '../admin/orgs/service.ts';
import { db } from '../db.ts';
import { AppError, invalid } from '../errors.ts';
import { email, newSlug, orgName } from '../fields.ts';
import { orgProcedure, router, userProcedure } from '../trpc.ts';
import { listMemberships } from './queries.ts';
import * as rest from './rest.ts';
import { createOrg, deleteOrg, updateOrg } from './service.ts';

const foundingProcedure = userProcedure.use(({ ctx, next }) => {
	if (ctx.settings.mode === 'b2c' || ctx.actor.user.sysAdmin) return next();
	throw new AppError('forbidden', 'Organizations are set up for you here. Ask an administrator of this service.');
});

export const orgsRouter = router({
	list: userProcedure.query(({ ctx }) => listMemberships(db, ctx.actor.user.id)),

	create: foundingProcedure
		.input(z.object({ name: orgName, slug: newSlug.optional(), adminEmail: email.optional() }))
		.mutation(({ ctx, input: { adminEmail, ...chosen } }) => {
			if (ctx.settings.mode === 'b2c') return createOrg(ctx.actor, chosen);
			if (adminEmail === undefined) throw invalid('adminEmail', 'Enter the address of its first admin.');
			return createOrgFor(ctx.actor, adminEmail, chosen, ctx.settings.invitationDays);
		}),

	get: orgProcedure('org.read')
		.meta({ rest: rest.get })
		.query(({ ctx: { org } }) => org),

	update: orgProcedure('org.update')
		.meta({ rest: rest.update })
		.input(z.object({ name: orgName.optional(), slug: newSlug.optional() }))
		.mutation(({ ctx, input }) => updateOrg(ctx.tx, ctx.actor, ctx.org.id, { name: input.name, slug: input.slug })),

	delete: orgProcedure('org.delete')
		.meta({ proof: true })
		.input(z.object({ confirm: z.string() }))
		.mutation(async ({ ctx, input }) => {
			await deleteOrg(ctx.tx, ctx.actor, ctx.org, input.confirm);
			return { status: 'deleted' as const };
		})
});
