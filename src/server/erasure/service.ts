import { keepName } from '../accounts/service.ts';
import { audit } from '../audit/service.ts';
import { enterAll } from '../auth/access.ts';
import type { Doer } from '../auth/actor.ts';
import { open, seal } from '../crypto.ts';
import { db, transaction, type Db } from '../db.ts';
import { log } from '../log.ts';
import { queueFarewell } from '../mail/service.ts';
import * as queries from './queries.ts';
import { rules } from './registry.ts';

export const { findPerson } = queries;
export type { Person } from './queries.ts';

/** Where a change comes from that nobody asks for at this moment. */
const NOWHERE = { ip: '', device: '', requestId: '' };
const SYSTEM: Doer = { kind: 'anonymous', ...NOWHERE };

/** What an organisation is told of somebody who is erased: that they left, or that it went with them. */
async function tellOrgs(tx: Db, { id, orgs }: queries.Person): Promise<void> {
	const person: Doer = { kind: 'user', ...NOWHERE, user: { id }, session: { handle: null, impersonator: null } };
	for (const { orgId, userId, role } of await queries.promoteHeirs(tx, id)) {
		await audit(tx, SYSTEM, orgId, 'member.role_changed', { id: userId }, { before: role, after: 'org_admin' });
	}
	for (const { orgId } of await queries.listOrgs(tx, id)) {
		if (orgs.includes(orgId)) await audit(tx, person, orgId, 'org.deleted', { id: orgId });
		else await audit(tx, person, orgId, 'member.left', { id });
	}
}

/** Erases what the registry says, in its order. */
async function eraseRows(tx: Db, person: queries.Person): Promise<void> {
	for (const [table, rule] of rules) {
		if (rule.erase === 'delete') await queries.deleteRows(tx, table, rule.theirs(person));
		if (rule.elsewhere) await queries.changeRows(tx, table, rule.elsewhere.theirs(person), rule.elsewhere.set);
		if (rule.erase === 'anonymise') await queries.changeRows(tx, table, rule.theirs(person), rule.set);
	}
}

/** Takes a person out of every table but the logs, and notes what those are still to be searched for. */
const begin = (userId: string): Promise<void> =>
	transaction(async (tx) => {
		await enterAll(tx);
		await queries.lockOrgsOf(tx, userId);
		const due = await queries.lockDue(tx, userId);
		const person = due && (await queries.findPerson(tx, userId));
		if (!person) return;
		await tellOrgs(tx, person);
		if (due.username) await keepName(tx, due.username);
		await queries.insertErasure(tx, userId, seal('erasure', JSON.stringify(person)));
		await eraseRows(tx, person);
	});

/** Takes them out of the logs, one after the other, and tells them. Whatever a crash cut off is done again. */
async function finish(userId: string): Promise<void> {
	const found = await queries.findTraces(db, userId);
	if (!found?.sealedTraces) return;
	const person = JSON.parse(open('erasure', found.sealedTraces)) as queries.Person;
	// From then on, whoever has the address is somebody else.
	person.untils = person.untils.map((until) => (until === 'infinity' ? found.begunAt : until));
	for (const [, rule] of rules) {
		const name = rule.erase === 'keep' && rule.log;
		if (name) await transaction((tx) => queries.eraseFromLog(tx, name, person));
	}
	await transaction(async (tx) => {
		if (await queries.finishErasure(tx, userId)) await queueFarewell(tx, person.emails[0]!, 'account_erased', {});
	});
	log.info({ userId }, 'person erased');
}

/**
 * Erases a person for good, if the time for it has come; of several at once one does. They get a receipt, and what must
 * be kept names them by an id that leads nowhere.
 */
export async function erase(userId: string): Promise<void> {
	await begin(userId);
	await finish(userId);
}

/** People that one run erases at the most; the next one comes within a minute. */
const BATCH = 100;

/**
 * Erases all whose time has come, and goes on with what was cut off; the job that runs every minute.
 * @throws {Error} when somebody could not be erased, after the others are
 */
export async function eraseDue(): Promise<void> {
	const due = (await queries.listDue(db, BATCH)).map(({ id }) => id);
	const begun = (await queries.listUnfinished(db, BATCH)).map(({ userId }) => userId);
	let failed = 0;
	for (const userId of [...begun, ...due]) {
		await erase(userId).catch((error: unknown) => {
			log.error({ err: error, userId }, 'person not erased');
			failed++;
		});
	}
	if (failed > 0) throw new Error(`${failed} people could not be erased.`);
}
