import { z } from 'zod';
import { can } from '#lib/roles.ts';
import type { Measure, Used } from '#lib/usage.ts';
import { identityOf } from '../auth/actor.ts';
import { dayRange, lastDays, readDays } from '../days.ts';
import { adminProcedure, orgProcedure, router } from '../trpc.ts';
import { listDays, listTopUsers } from './history.ts';
import { listTiers } from './queries.ts';
import * as rest from './rest.ts';
import { readFleet } from './service.ts';
import { summarize } from './summary.ts';

/** Rows of a list of those who used most. */
const TOP = 20;

function sumOf(days: Used[]): Used {
	const sum = (measure: Measure) => days.reduce((total, day) => total + day[measure], 0);
	return { calls: sum('calls'), customers: sum('customers'), aiTokens: sum('aiTokens') };
}

export const usageRouter = router({
	summary: orgProcedure('usage.read')
		.meta({ rest: rest.summary })
		.query(async ({ ctx: { tx, org } }) => ({ ...(await summarize(tx, org)), plans: await listTiers(tx) })),

	/** A person sees what they used themselves, and who may see the use of others sees that of all. */
	history: orgProcedure('usage.read')
		.meta({ rest: rest.history })
		.input(z.object(dayRange))
		.query(async ({ ctx: { actor, tx, org }, input }) => {
			const by = can(org.role, 'usage.readAll') ? undefined : identityOf(actor);
			const days = await listDays(tx, org.id, readDays(input), by);
			return { days, total: sumOf(days) };
		}),

	topUsers: orgProcedure('usage.readAll')
		.meta({ rest: rest.topUsers })
		.input(z.object(dayRange))
		.query(async ({ ctx: { tx, org }, input }) => ({ items: await listTopUsers(tx, org.id, readDays(input), TOP) })),

	fleet: adminProcedure
		.input(z.object({ days: z.int().min(1).max(366).default(30) }).prefault({}))
		.query(({ input: { days } }) => readFleet(lastDays(days)))
});
