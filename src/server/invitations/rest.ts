import { z } from 'zod';
import { id, moment, onlyPage, pageOf, role, type Rest } from '../rest/rest.ts';

const invitation = z
	.strictObject({
		id,
		email: z.string(),
		role,
		status: z.enum(['pending', 'expired', 'inviter_gone']),
		invitedBy: z.string().nullable(),
		createdAt: moment,
		expiresAt: moment
	})
	.meta({ id: 'Invitation' });

const ALAN = {
	id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f609',
	email: 'alan@example.com',
	role: 'member',
	status: 'pending',
	invitedBy: 'Grace Hopper',
	createdAt: '2030-01-31T12:00:00.000Z',
	expiresAt: '2030-02-07T12:00:00.000Z'
};
const SENT = { id: ALAN.id, expiresAt: ALAN.expiresAt };

const MANY = '/orgs/{org}/invitations';
const ONE = `${MANY}/{id}`;
const tag = 'Invitations';

const sent = z.strictObject({ id, expiresAt: moment });

export const list: Rest = {
	...{ method: 'GET', path: MANY, tag, summary: 'List invitations' },
	description: 'Those that nobody has answered yet, newest first.',
	answer: pageOf(invitation),
	example: { answer: onlyPage(ALAN) }
};

export const create: Rest = {
	...{ method: 'POST', path: MANY, tag, summary: 'Invite somebody', creates: true },
	description: 'Mails a link. Whoever is a member or invited already is 409 `conflict`.',
	answer: sent,
	example: { input: { email: ALAN.email, role: ALAN.role }, answer: SENT }
};

export const createMany: Rest = {
	...{ method: 'POST', path: '/orgs/{org}/invitation-batches', tag, summary: 'Invite up to 50 people' },
	description: 'Says of each address, in the order given, what became of it; one that is refused refuses no other.',
	answer: z.array(
		z.strictObject({
			email: z.string(),
			outcome: z.enum(['invited', 'already_invited', 'already_member', 'invalid', 'limit'])
		})
	),
	example: {
		input: { emails: [ALAN.email, 'nobody'], role: ALAN.role },
		answer: [
			{ email: ALAN.email, outcome: 'invited' },
			{ email: 'nobody', outcome: 'invalid' }
		]
	}
};

export const resend: Rest = {
	...{ method: 'POST', path: `${ONE}/resend`, tag, summary: 'Send an invitation again' },
	description: 'Under another link and in your name; the link before is dead.',
	answer: sent,
	example: { answer: SENT }
};

export const revoke: Rest = {
	...{ method: 'DELETE', path: ONE, tag, summary: 'Revoke an invitation' },
	answer: z.strictObject({ revoked: z.literal(true) }),
	example: { answer: { revoked: true } }
};
