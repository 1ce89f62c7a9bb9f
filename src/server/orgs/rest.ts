import { z } from 'zod';
import { id, moment, role, type Rest } from '../rest/rest.ts';

const features = z.record(z.string(), z.union([z.int(), z.boolean()]));

const org = z
	.strictObject({ id, slug: z.string(), name: z.string(), role, createdAt: moment, tier: z.string(), features })
	.meta({ id: 'Organization' });

const ACME = {
	id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60b',
	slug: 'acme',
	name: 'Acme',
	role: 'member',
	createdAt: '2030-01-31T12:00:00.000Z',
	tier: 'free',
	features: { members: 10, customers: 10_000, audit_export: false }
};

const ONE = '/orgs/{org}';
const tag = 'Organization';

export const get: Rest = {
	...{ method: 'GET', path: ONE, tag, summary: 'Get the organization' },
	description: 'With the role that you have in it, and with what its tier grants: `-1` is without an end.',
	answer: org,
	example: { answer: ACME }
};

export const update: Rest = {
	...{ method: 'PATCH', path: ONE, tag, summary: 'Change name or slug' },
	description: 'Calls have to name the new slug at once; only pages are led from the old one to the new.',
	answer: z.strictObject({ id, slug: z.string(), name: z.string() }),
	example: { input: { name: 'Acme' }, answer: { id: ACME.id, slug: ACME.slug, name: ACME.name } }
};
