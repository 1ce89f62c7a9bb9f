import { auditSentence, type AuditAction } from '#lib/audit.ts';
import { inOrg } from '../auth/access.ts';
import { identityOf, operatorOf, type Actor, type Doer } from '../auth/actor.ts';
import { csvLine } from '../csv.ts';
import { db, type Db } from '../db.ts';
import { requireFeature } from '../usage/service.ts';
import { dropOldEntries, insertEntries, listEntries, type EntryFilter, type EntryKey } from './queries.ts';

/** What was acted on: a person by id alone, for the log keeps no names of people; anything else by its name, too. */
export type Target = { id?: string; name?: string };

/**
 * Writes one change into the log of the organisation that `tx` has entered, and commits with it. An actor who is
 * not signed in answers for nobody: that is the system. No secret belongs in `details`, and no name or address of a
 * person; those of a customer, which are the organisation's own data, may stand there.
 */
export const audit = (tx: Db, actor: Doer, orgId: string, action: AuditAction, target: Target = {}, details = {}) =>
	auditEach(tx, actor, orgId, action, [target], details);

/** The same for several of a kind that one call changes: a row for each. */
export const auditEach = (
	tx: Db,
	actor: Doer,
	orgId: string,
	action: AuditAction,
	targets: Target[],
	details: object
) =>
	insertEntries(
		tx,
		targets.map((target) => ({
			orgId,
			action,
			actorKind: identityOf(actor).kind,
			actorId: identityOf(actor).id,
			actorName: actor.kind === 'apiKey' ? actor.key.name : null,
			impersonatorId: operatorOf(actor),
			sessionHandle: actor.kind === 'user' ? actor.session.handle : null,
			targetId: target.id ?? null,
			target: target.name ?? null,
			details,
			ip: actor.ip,
			device: actor.device,
			requestId: actor.requestId
		}))
	);

/** Rows of an export that are read at once: a transaction is open for milliseconds, however slow the reader is. */
const BATCH = 1000;

const HEADER = 'Time,What,Action,Actor,Actor id,Target,Target id,IP address,Device,Details,Support,Support id'.split(
	','
);

type Row = Awaited<ReturnType<typeof listEntries>>[number];

const toLine = (row: Row): string =>
	csvLine([
		row.at.toISOString(),
		auditSentence(row),
		row.action,
		row.actor.name,
		row.actor.id ?? '',
		row.target?.name ?? '',
		row.target?.id ?? '',
		row.ip ?? '',
		row.device ?? '',
		JSON.stringify(row.details),
		row.impersonator?.name ?? '',
		row.impersonator?.id ?? ''
	]);

/**
 * The log as CSV, newest first, in pieces. Who may read it is asked for each piece: the first throws what `inOrg`
 * throws, and so does a later one when the right was taken away meanwhile.
 */
export async function* exportEntries(
	actor: Actor,
	slug: string,
	filter: EntryFilter
): AsyncGenerator<string, undefined> {
	let head = csvLine(HEADER);
	let rows: Row[];
	let after: EntryKey | undefined;
	do {
		rows = await inOrg(actor, slug, 'audit.read', 'read only', async (inside) => {
			await requireFeature(inside, 'audit_export');
			return listEntries(inside.tx, inside.org.id, { ...filter, after, limit: BATCH });
		});
		yield head + rows.map(toLine).join('');
		head = '';
		const last = rows.at(-1);
		if (last) after = [last.at, last.id];
	} while (rows.length === BATCH);
}

/** Drops what is older than so many days, from the logs of all organisations; the nightly job. */
export async function dropOld(retentionDays: number): Promise<void> {
	await dropOldEntries(db, retentionDays);
}
