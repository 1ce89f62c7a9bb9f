import { z } from 'zod';
import { id, moment, onlyPage, pageOf, role, type Rest } from '../rest/rest.ts';

const member = z
	.strictObject({
		userId: id,
		name: z.string(),
		email: z.string(),
		avatarUrl: z.string().nullable(),
		role,
		joinedAt: moment
	})
	.meta({ id: 'Member' });

const GRACE = {
	userId: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608',
	name: 'Grace Hopper',
	email: 'grace@example.com',
	avatarUrl: null,
	role: 'member',
	joinedAt: '2030-01-31T12:00:00.000Z'
};

const MANY = '/orgs/{org}/members';
const ONE = `${MANY}/{userId}`;
const tag = 'Members';

export const list: Rest = {
	...{ method: 'GET', path: MANY, tag, summary: 'List members' },
	description: 'By the time they joined. `q` is the beginning of a name, of a username or of an address.',
	answer: pageOf(member),
	example: { answer: onlyPage(GRACE) }
};

export const setRole: Rest = {
	...{ method: 'PATCH', path: ONE, tag, summary: 'Give a member another role' },
	description: 'An organization keeps at least one admin: the last one stays what they are, 409 `conflict`.',
	answer: z.strictObject({ userId: id, role }),
	example: { input: { role: 'readonly' }, answer: { userId: GRACE.userId, role: 'readonly' } }
};

export const remove: Rest = {
	...{ method: 'DELETE', path: ONE, tag, summary: 'Remove a member' },
	answer: z.strictObject({ status: z.literal('removed') }),
	example: { answer: { status: 'removed' } }
};
