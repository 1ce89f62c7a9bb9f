import { z } from 'zod';
import { uuid } from '../fields.ts';
import { router, steppedProcedure } from '../trpc.ts';
import * as rest from './rest.ts';
import { summarize } from './service.ts';

export const assistantRouter = router({
	summarize: steppedProcedure('customers.read')
		.meta({ rest: rest.summarize })
		.input(z.object({ id: uuid }))
		.mutation(({ ctx, input: { org, id }, signal }) => summarize(ctx.actor, org, id, ctx.settings.model, { signal }))
});
