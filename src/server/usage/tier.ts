import { z } from 'zod';
import { FEATURES, UNLIMITED, type Feature } from '#lib/plans.ts';

/** So many of something; -1 is without an end. */
const most = z.int().min(UNLIMITED);

const features = Object.fromEntries(
	Object.entries(FEATURES).map(([key, { kind }]) => [key, kind === 'flag' ? z.boolean() : most])
) as Record<Feature, typeof most | z.ZodBoolean>;

/** What is called by a name in limits, but is no procedure. */
export const DOORS = ['audit.export', 'customers.export', 'customers.import'];

/** A tier as its row may be: every feature, no other, and calls a minute in all, "*", and of single procedures. */
export const tier = z.object({
	key: z.string().regex(/^[a-z0-9_]{2,32}$/),
	title: z.string().trim().min(1).max(40),
	position: z.int().min(1),
	features: z.strictObject(features),
	limits: z.record(z.string(), most)
});
