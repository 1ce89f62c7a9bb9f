import type { AdminAction } from '#lib/console.ts';
import type { SignedIn } from '../../auth/actor.ts';
import type { Db } from '../../db.ts';
import { insertEntry } from './queries.ts';

/** What was changed: a person or an organisation by id alone, for the log keeps no names of theirs; else its name. */
export type Target = { userId: string } | { orgId: string } | { name: string };

/** Who makes a change, and the session that it is made in. */
type Administrator = Pick<SignedIn, 'ip' | 'device' | 'requestId'> & {
	user: { id: string };
	session: { handle: string };
};

function columnsOf(target: Target) {
	if ('userId' in target) return { targetKind: 'user' as const, targetId: target.userId, target: null };
	if ('orgId' in target) return { targetKind: 'org' as const, targetId: target.orgId, target: null };
	return { targetKind: null, targetId: null, target: target.name };
}

/**
 * Writes one change into the console's log, and commits with it. No secret belongs in `details`, and no name or
 * address of a person.
 */
export const record = (tx: Db, actor: Administrator, action: AdminAction, target: Target, details: object = {}) =>
	insertEntry(tx, {
		action,
		actorId: actor.user.id,
		sessionHandle: actor.session.handle,
		...columnsOf(target),
		details,
		ip: actor.ip,
		device: actor.device,
		requestId: actor.requestId
	});
