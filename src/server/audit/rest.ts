import { z } from 'zod';
import { id, moment, onlyPage, pageOf, type Rest } from '../rest/rest.ts';

const entry = z
	.strictObject({
		id,
		at: moment,
		action: z.string(),
		actor: z.strictObject({ kind: z.enum(['user', 'key', 'system']), id: id.nullable(), name: z.string() }),
		impersonator: z
			.strictObject({ id, name: z.string() })
			.nullable()
			.meta({ description: 'Whoever of support acted for that person.' }),
		target: z.strictObject({ id: z.string().nullable(), name: z.string() }).nullable(),
		ip: z.string().nullable(),
		device: z.string().nullable(),
		requestId: z.string().nullable(),
		details: z.record(z.string(), z.unknown())
	})
	.meta({ id: 'AuditEntry' });

const RENAMED = {
	id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60a',
	at: '2030-01-31T12:00:00.000Z',
	action: 'org.updated',
	actor: { kind: 'user', id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608', name: 'Grace Hopper' },
	impersonator: null,
	target: { id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60b', name: 'Acme' },
	ip: '192.0.2.1',
	device: 'curl/8.14.1',
	requestId: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60c',
	details: { before: { name: 'ACME' }, after: { name: 'Acme' } }
};

export const list: Rest = {
	...{ method: 'GET', path: '/orgs/{org}/audit', tag: 'Audit log', summary: 'List what happened' },
	description: 'Newest first. `from` is the first moment that counts, `to` the first that does not.',
	answer: pageOf(entry),
	example: { input: { action: RENAMED.action }, answer: onlyPage(RENAMED) }
};
