import { z } from 'zod';
import { line, slug } from '../fields.ts';
import { adminProcedure, router } from '../trpc.ts';
import { grantCredits } from './service.ts';

/** Tokens of one grant at the most. */
const MOST = 1_000_000_000;

const TOKENS = `Enter a whole number from 1 to ${MOST.toLocaleString('en-US')}.`;

const grant = z.object({
	org: slug,
	tokens: z.int(TOKENS).min(1, TOKENS).max(MOST, TOKENS),
	reason: line(200).refine((value) => value.length > 0, 'Say what it is for.'),
	/** A payment's own name. */
	reference: line(200)
		.refine((value) => value.length > 0, 'Leave it out, or enter what the payment is called.')
		.optional()
});

export const creditsRouter = router({
	grant: adminProcedure
		.input(grant)
		.mutation(({ ctx, input: { org, tokens, reason, reference } }) =>
			grantCredits(ctx.actor, org, { tokens, reason, reference })
		)
});
