import { sql } from 'kysely';
import type { AuditAction } from '#lib/audit.ts';
import type { Db } from '../db.ts';
import { nameOf, names, type Names } from '../names.ts';

export type NewEntry = {
	orgId: string;
	action: AuditAction;
	actorKind: 'user' | 'key' | 'system';
	actorId: string | null;
	/** A key's, as it is at that moment. */
	actorName: string | null;
	/** Who acted for that person. */
	impersonatorId: string | null;
	sessionHandle: string | null;
	targetId: string | null;
	target: string | null;
	details: object;
	ip: string;
	device: string;
	requestId: string;
};

export const insertEntries = (db: Db, entries: NewEntry[]) =>
	db
		.insertInto('auditLog')
		.values(
			entries.map((entry) => ({
				orgId: entry.orgId,
				action: entry.action,
				actorKind: entry.actorKind,
				actorId: entry.actorId,
				actorName: entry.actorName,
				impersonatorId: entry.impersonatorId,
				sessionHandle: entry.sessionHandle,
				targetId: entry.targetId,
				target: entry.target,
				details: JSON.stringify(entry.details),
				ip: entry.ip,
				device: entry.device,
				requestId: entry.requestId
			}))
		)
		.execute();

/** What a reader asks for; `from` is the first moment that counts, `to` the first that does not. */
export type EntryFilter = { action?: string; actorId?: string; from?: Date; to?: Date };

/** Where a page of entries ended. */
export type EntryKey = [at: Date, id: string];

/** The entries of an organisation that a filter lets through, newest first. */
export const entriesOf = (db: Db, orgId: string, { action, actorId, from, to }: EntryFilter) =>
	db
		.selectFrom('auditLog')
		.where('orgId', '=', orgId)
		.$if(action !== undefined, (entries) => entries.where('action', '=', action as AuditAction))
		.$if(actorId !== undefined, (entries) => entries.where('actorId', '=', actorId!))
		.$if(from !== undefined, (entries) => entries.where('at', '>=', from!))
		.$if(to !== undefined, (entries) => entries.where('at', '<', to!))
		.orderBy('at', 'desc')
		.orderBy('id', 'desc');

const person = (of: string) =>
	sql<Names | null>`(
		select ${names}
		from "user" where id = ${sql.ref(of)} and deactivated_at is null
	)`;

const actorNameOf = (kind: NewEntry['actorKind'], name: string | null, person: Names | null) =>
	kind === 'system' ? 'System' : (name ?? nameOf(person));

/** Entries with the names that people have today: the log itself knows them by id alone. */
export async function listEntries(
	db: Db,
	orgId: string,
	{ after, limit, ...filter }: EntryFilter & { after: EntryKey | undefined; limit: number }
) {
	const rows = await entriesOf(db, orgId, filter)
		.$if(after !== undefined, (entries) => entries.where(sql<boolean>`(at, id) < (${after![0]}, ${after![1]}::uuid)`))
		.select([
			'id',
			'at',
			'action',
			'actorKind',
			'actorId',
			'actorName',
			'impersonatorId',
			'targetId',
			'target',
			'ip',
			'device',
			'requestId',
			'details'
		])
		.select([
			person('actor_id').as('actor'),
			person('impersonator_id').as('impersonator'),
			person('target_id').as('targetPerson')
		])
		.limit(limit)
		.execute();
	return rows.map(
		({
			id,
			at,
			action,
			actorKind,
			actorId,
			actorName,
			actor,
			impersonatorId,
			impersonator,
			targetId,
			target,
			targetPerson,
			ip,
			device,
			requestId,
			details
		}) => ({
			id,
			at,
			action,
			actor: { kind: actorKind, id: actorId, name: actorNameOf(actorKind, actorName, actor) },
			impersonator: impersonatorId === null ? null : { id: impersonatorId, name: nameOf(impersonator) },
			target: targetId || target ? { id: targetId, name: target ?? nameOf(targetPerson) } : null,
			ip,
			device,
			requestId,
			details
		})
	);
}

/** Drops what is older than so many days, from the logs of all organisations and of the console. */
export const dropOldEntries = (db: Db, retentionDays: number) =>
	sql`select maintain_audit_log(${retentionDays})`.execute(db);
