import type { AuditAction } from '#lib/audit.ts';
import type { Db } from '../db.ts';

export type NewEntry = {
	orgId: string;
	action: AuditAction;
	actorKind: 'user' | 'system';
	actorId: string | null;
	sessionHandle: string | null;
	targetId: string | null;
	target: string | null;
	details: object;
	ip: string;
	device: string;
	requestId: string;
};

export const insertEntry = (db: Db, entry: NewEntry) =>
	db
		.insertInto('auditLog')
		.values({
			orgId: entry.orgId,
			action: entry.action,
			actorKind: entry.actorKind,
			actorId: entry.actorId,
			sessionHandle: entry.sessionHandle,
			targetId: entry.targetId,
			target: entry.target,
			details: JSON.stringify(entry.details),
			ip: entry.ip,
			device: entry.device,
			requestId: entry.requestId
		})
		.execute();
