import { z } from 'zod';
import { FEATURES, UNLIMITED, type Feature, type Features } from '#lib/plans.ts';
import { line } from '../fields.ts';

/** So many of something; -1 is without an end. */
const upTo = (highest: number) => {
	const error = `Enter a whole number up to ${highest.toLocaleString('en-US')}, or -1 for no end.`;
	return z.int({ error }).min(UNLIMITED, error).max(highest, error);
};
const most = upTo(1_000_000_000_000);

const features = Object.fromEntries(
	Object.entries(FEATURES).map(([key, { kind }]) => [key, kind === 'flag' ? z.boolean() : most])
) as Record<Feature, typeof most | z.ZodBoolean>;

/** What is called by a name in limits, but is no procedure. */
export const DOORS = ['audit.export', 'customers.export', 'customers.import'];

const title = line(40).refine((value) => value !== '', 'Enter a name.');

/** Calls a minute; PostgreSQL counts them in 32 bits. Whoever may call nothing at all could not even look at it. */
const limits = z
	.record(z.string(), upTo(1_000_000_000))
	.refine((value) => value['*'] !== 0, 'Let everybody call something: "*" cannot be 0.');

/** A tier as its row may be: every feature, no other, and calls a minute in all, "*", and of single procedures. */
export const tier = z.object({
	key: z.string().regex(/^[a-z0-9_]{2,32}$/),
	title,
	position: z.int().min(1),
	features: z.strictObject(features),
	limits
});

/** What of a tier can be changed. What is not named stays; limits are named all, or none of them. */
export const tierChange = z.object({
	title: title.optional(),
	features: z.strictObject(features).partial().optional(),
	limits: limits.optional()
});
/** Whether a feature takes a number or a switch, the shape above has seen to. */
export type TierChange = Omit<z.infer<typeof tierChange>, 'features'> & { features?: Features };
