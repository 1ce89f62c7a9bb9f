import type { AuditAction } from '#lib/audit.ts';
import type { Actor } from '../auth/actor.ts';
import type { Db } from '../db.ts';
import { insertEntry } from './queries.ts';

/** What was acted on: a person by id alone, for the log keeps no names of people; anything else by its name, too. */
export type Target = { id?: string; name?: string };

/**
 * Writes one change into the log of the organisation that `tx` has entered, and commits with it. An actor who is
 * not signed in answers for nobody: that is the system. No secret and nobody's address belongs in `details`.
 */
export const audit = (tx: Db, actor: Actor, orgId: string, action: AuditAction, target: Target = {}, details = {}) =>
	insertEntry(tx, {
		orgId,
		action,
		actorKind: actor.kind === 'user' ? 'user' : 'system',
		actorId: actor.kind === 'user' ? actor.user.id : null,
		sessionHandle: actor.kind === 'user' ? actor.session.handle : null,
		targetId: target.id ?? null,
		target: target.name ?? null,
		details,
		ip: actor.ip,
		device: actor.device,
		requestId: actor.requestId
	});
