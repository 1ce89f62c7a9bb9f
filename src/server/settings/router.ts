import { z } from 'zod';
import { inOrg } from '../auth/access.ts';
import { db } from '../db.ts';
import { slug } from '../fields.ts';
import { router, userProcedure } from '../trpc.ts';
import { listSettings, setOfOrg, setOwn } from './service.ts';

/** What its value must be, the setting itself says. */
const change = z.object({ org: slug.optional(), key: z.string(), value: z.unknown() });

export const settingsRouter = router({
	list: userProcedure
		.input(z.object({ org: slug.optional() }).prefault({}))
		.query(({ ctx, input: { org } }) =>
			org === undefined
				? listSettings(db, { userId: ctx.actor.user.id })
				: inOrg(ctx.actor, org, 'org.read', 'read only', (inside) => listSettings(inside.tx, { orgId: inside.org.id }))
		),

	set: userProcedure
		.input(change)
		.mutation(({ ctx, input: { org, key, value } }) =>
			org === undefined
				? setOwn(ctx.actor, key, value)
				: inOrg(ctx.actor, org, 'org.update', 'read write', (inside) => setOfOrg(inside, key, value))
		)
});
