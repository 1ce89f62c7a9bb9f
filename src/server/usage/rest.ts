import { z } from 'zod';
import { moment, type Rest } from '../rest/rest.ts';

const spend = z.strictObject({
	allotmentLeft: z.int(),
	credits: z.int(),
	overage: z.int(),
	overageEnabled: z.boolean()
});

const feature = z.strictObject({
	key: z.string(),
	title: z.string(),
	kind: z.enum(['quota', 'flag']),
	used: z.int().nullable(),
	limit: z.int().nullable().meta({ description: '-1 is without an end; null for a flag.' }),
	enabled: z.boolean()
});

const plan = z.strictObject({
	key: z.string(),
	title: z.string(),
	features: z.record(z.string(), z.union([z.int(), z.boolean()]))
});

const period = z.strictObject({ from: moment, to: moment });

export const summary: Rest = {
	...{ method: 'GET', path: '/orgs/{org}/usage', tag: 'Usage', summary: 'Get what is used of each quota' },
	answer: z.strictObject({ tier: z.string(), period, features: z.array(feature), spend, plans: z.array(plan) }),
	example: {
		answer: {
			tier: 'free',
			period: { from: '2030-01-31T12:00:00.000Z', to: '2030-02-28T12:00:00.000Z' },
			features: [{ key: 'customers', title: 'Customers', kind: 'quota', used: 25, limit: 10_000, enabled: true }],
			spend: { allotmentLeft: 50_000, credits: 0, overage: 0, overageEnabled: false },
			plans: [{ key: 'free', title: 'Free', features: { customers: 10_000 } }]
		}
	}
};
