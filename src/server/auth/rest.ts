import { z } from 'zod';
import { ROLES } from '#lib/roles.ts';
import { id, moment, role, type Rest } from '../rest/rest.ts';

const person = z.strictObject({
	user: z.strictObject({
		id,
		email: z.string(),
		username: z.string().nullable(),
		firstName: z.string().nullable(),
		lastName: z.string().nullable(),
		avatarUrl: z.string().nullable(),
		timeZone: z.string().nullable(),
		role: z.enum(ROLES),
		emailVerified: z.boolean()
	}),
	session: z.strictObject({ id: z.string(), createdAt: moment, expiresAt: moment }),
	orgs: z.array(z.strictObject({ slug: z.string(), name: z.string(), role })),
	impersonator: z
		.strictObject({ id, name: z.string(), email: z.string() })
		.nullable()
		.meta({ description: 'Whoever of support acts for that person.' }),
	csrfToken: z.string()
});

const key = z.strictObject({
	key: z.strictObject({ id, name: z.string(), role, permissions: z.array(z.string()) }),
	org: z.strictObject({ slug: z.string(), name: z.string() })
});

export const me: Rest = {
	...{ method: 'GET', path: '/me', tag: 'Who is asking', summary: 'Get who is asking' },
	description: 'To a key: what it may do, and in which organization. To a person: themselves, and their organizations.',
	answer: z.union([key.meta({ id: 'Key' }), person.meta({ id: 'Person' })]),
	example: {
		answer: {
			key: {
				id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60d',
				name: 'Nightly import',
				role: 'member',
				permissions: ['org.read', 'customers.read', 'customers.write']
			},
			org: { slug: 'acme', name: 'Acme' }
		}
	}
};
