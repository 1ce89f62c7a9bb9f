import { z } from 'zod';
import { id, moment, type Rest } from '../rest/rest.ts';

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

const limits = z
	.record(z.string(), z.int())
	.meta({ description: 'Calls a minute: of all (`*`), and of single procedures.' });

const period = z.strictObject({ from: moment, to: moment });

const ALL = '/orgs/{org}/usage';
const tag = 'Usage';

export const summary: Rest = {
	...{ method: 'GET', path: ALL, tag, summary: 'Get what is used of each quota' },
	answer: z.strictObject({ tier: z.string(), period, features: z.array(feature), limits, spend, plans: z.array(plan) }),
	example: {
		answer: {
			tier: 'free',
			period: { from: '2030-01-31T12:00:00.000Z', to: '2030-02-28T12:00:00.000Z' },
			features: [{ key: 'customers', title: 'Customers', kind: 'quota', used: 25, limit: 10_000, enabled: true }],
			limits: { '*': 600, 'customers.import': 5 },
			spend: { allotmentLeft: 50_000, credits: 0, overage: 0, overageEnabled: false },
			plans: [{ key: 'free', title: 'Free', features: { customers: 10_000 } }]
		}
	}
};

const used = { calls: z.number(), customers: z.number(), aiTokens: z.number() };
const USED = { calls: 120, customers: 3, aiTokens: 210 };

export const history: Rest = {
	...{ method: 'GET', path: `${ALL}/history`, tag, summary: 'Get what was used day by day' },
	description: 'Your own use; that of all, for whoever has `usage.readAll`.',
	answer: z.strictObject({
		days: z.array(z.strictObject({ day: z.iso.date(), ...used })),
		total: z.strictObject(used)
	}),
	example: {
		input: { from: '2030-01-31', to: '2030-01-31' },
		answer: { days: [{ day: '2030-01-31', ...USED }], total: USED }
	}
};

const actor = z.strictObject({ kind: z.enum(['user', 'key', 'system']), id: id.nullable(), name: z.string() });

export const topUsers: Rest = {
	...{ method: 'GET', path: `${ALL}/users`, tag, summary: 'List who used most' },
	answer: z.strictObject({ items: z.array(z.strictObject({ actor, ...used })) }),
	example: {
		answer: {
			items: [{ actor: { kind: 'user', id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608', name: 'Grace Hopper' }, ...USED }]
		}
	}
};
