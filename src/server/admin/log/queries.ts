import { sql } from 'kysely';
import type { AdminAction } from '#lib/console.ts';
import type { Db } from '../../db.ts';
import { nameOf, names, type Names } from '../../names.ts';

export type NewEntry = {
	action: AdminAction;
	actorId: string;
	sessionHandle: string;
	targetKind: 'user' | 'org' | null;
	targetId: string | null;
	/** The name of what is neither a person nor an organisation. */
	target: string | null;
	details: object;
	ip: string;
	device: string;
	requestId: string;
};

export const insertEntry = (db: Db, entry: NewEntry) =>
	db
		.insertInto('adminLog')
		.values({
			action: entry.action,
			actorId: entry.actorId,
			sessionHandle: entry.sessionHandle,
			targetKind: entry.targetKind,
			targetId: entry.targetId,
			target: entry.target,
			details: JSON.stringify(entry.details),
			ip: entry.ip,
			device: entry.device,
			requestId: entry.requestId
		})
		.execute();

/** What a reader asks for. */
export type EntryFilter = { action?: string; actorId?: string; targetId?: string };

/** Where a page of entries ended. */
export type EntryKey = [at: Date, id: string];

/** The entries that a filter lets through, newest first. */
export const entriesOf = (db: Db, { action, actorId, targetId }: EntryFilter) =>
	db
		.selectFrom('adminLog')
		.$if(action !== undefined, (entries) => entries.where('action', '=', action!))
		.$if(actorId !== undefined, (entries) => entries.where('actorId', '=', actorId!))
		.$if(targetId !== undefined, (entries) => entries.where('targetId', '=', targetId!))
		.orderBy('at', 'desc')
		.orderBy('id', 'desc');

type Org = { name: string; slug: string };

const person = (of: string) =>
	sql<Names | null>`(
		select ${names}
		from "user" where id = ${sql.ref(of)}
	)`;

const org = (of: string) =>
	sql<Org | null>`(select jsonb_build_object('name', name, 'slug', slug) from org where id = ${sql.ref(of)})`;

/** Entries with the names that people and organisations have today: the log itself knows them by id alone. */
export async function listEntries(
	db: Db,
	{ after, limit, ...filter }: EntryFilter & { after: EntryKey | undefined; limit: number }
) {
	const rows = await entriesOf(db, filter)
		.$if(after !== undefined, (entries) => entries.where(sql<boolean>`(at, id) < (${after![0]}, ${after![1]}::uuid)`))
		.select(['id', 'at', 'action', 'actorId', 'targetKind', 'targetId', 'target', 'details'])
		.select(['ip', 'device', 'requestId'])
		.select([person('actor_id').as('actor'), person('target_id').as('targetPerson'), org('target_id').as('targetOrg')])
		.limit(limit)
		.execute();
	return rows.map(({ actorId, actor, targetKind, targetId, target, targetPerson, targetOrg, ...entry }) => ({
		...entry,
		actor: { id: actorId, name: nameOf(actor) },
		target: targetOf(targetKind, targetId, target, targetPerson, targetOrg)
	}));
}

function targetOf(kind: string | null, id: string | null, name: string | null, person: Names | null, org: Org | null) {
	if (kind === 'user') return { kind: 'user' as const, id, slug: null, name: nameOf(person) };
	if (kind === 'org') {
		return { kind: 'org' as const, id, slug: org?.slug ?? null, name: org?.name ?? 'Deleted organization' };
	}
	return name === null ? null : { kind: null, id: null, slug: null, name };
}
