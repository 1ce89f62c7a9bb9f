import { deviceInMail } from '#lib/device.ts';
import { noteEvent } from '../accounts/service.ts';
import type { SignedIn } from '../auth/actor.ts';
import { IDLE } from '../auth/session.ts';
import { requireSession } from '../auth/signin.ts';
import { transaction, type Db } from '../db.ts';
import { AppError } from '../errors.ts';
import { queueMail } from '../mail/service.ts';
import * as queries from './queries.ts';

/**
 * Waits for its turn among all that begins and ends sessions of this person, and goes on only while the one that asks
 * still stands: of two devices that sign each other out, one stays.
 */
async function takeTurn(tx: Db, actor: SignedIn): Promise<{ email: string }> {
	const person = await queries.lockPerson(tx, actor.user.id);
	await requireSession(tx, actor);
	return person;
}

const tell = (tx: Db, to: string, { device }: SignedIn, ended: string[]) =>
	queueMail(tx, to, 'sessions_ended', { devices: ended.map(deviceInMail), by: deviceInMail(device) });

/**
 * Ends one of one's sessions, and tells their owner; answers whether it was the one that asks.
 * @throws {AppError} `not_found` for what is over, unknown or somebody else's; `unauthenticated` when ended meanwhile
 */
export const revokeSession = (actor: SignedIn, handle: string): Promise<{ isOwn: boolean }> =>
	transaction(async (tx) => {
		const { email } = await takeTurn(tx, actor);
		const ended = await queries.deleteSession(tx, actor.user.id, handle, IDLE);
		if (!ended) throw new AppError('not_found', 'This session has ended already.');
		const { id, device, ip } = ended;
		const isOwn = id === actor.session.id;
		await noteEvent(tx, actor, actor.user.id, 'session.ended', isOwn ? {} : { reason: 'revoked', device, ip });
		if (!isOwn) await tell(tx, email, actor, [device]);
		return { isOwn };
	});

/**
 * Ends all of one's sessions but the one that asks, and tells their owner; how many, those that were over not counted.
 * @throws {AppError} `unauthenticated` when that one was ended meanwhile
 */
export const revokeOtherSessions = (actor: SignedIn): Promise<number> =>
	transaction(async (tx) => {
		const { email } = await takeTurn(tx, actor);
		const gone = await queries.deleteOtherSessions(tx, actor.user.id, actor.session.id, IDLE);
		const ended = gone.filter(({ isLive }) => isLive).map(({ device }) => device);
		if (ended.length > 0) {
			await noteEvent(tx, actor, actor.user.id, 'session.ended', { reason: 'others', count: ended.length });
			await tell(tx, email, actor, ended);
		}
		return ended.length;
	});

/** Ends all of a person's sessions for somebody else, who holds the person's lock; how many, as above. */
export async function signOutEverywhere(tx: Db, userId: string): Promise<number> {
	const gone = await queries.deleteOtherSessions(tx, userId, null, IDLE);
	return gone.filter(({ isLive }) => isLive).length;
}
