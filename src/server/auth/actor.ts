import type { RequestEvent } from '@sveltejs/kit';
import { clientAddress } from './address.ts';
import { AppError } from '../errors.ts';
import { countCall, type Limits } from '../limit.ts';
import { settings } from '../settings.ts';
import { deviceCookie } from './device.ts';
import { bearerOf, readKey, type ApiKey } from './key.ts';
import { hasSessionCookie, readSession, type Session, type User } from './session.ts';

/** Where a request comes from, as limits and audit need it. */
type Source = {
	ip: string;
	device: string;
	/** What its browser says of where it signed in before; `knownDevice` reads it. */
	deviceCookie?: string;
	requestId: string;
};

export type Anonymous = Source & { kind: 'anonymous' };
export type SignedIn = Source & { kind: 'user'; user: User; session: Session };
export type Program = Source & { kind: 'apiKey'; key: ApiKey };

/** Who is asking. Every rule about who may do what starts from one of these. */
export type Actor = Anonymous | SignedIn | Program;

/** Whose doing a change is, as the audit log keeps it; a person may have no session yet. */
export type Doer =
	| Anonymous
	| Program
	| (Source & {
			kind: 'user';
			user: { id: string };
			session: { handle: string | null; impersonator: { id: string } | null };
	  });

/** Who answers for a change, by id alone; for nobody's the system does. */
export function identityOf(actor: Doer): { kind: 'user' | 'key' | 'system'; id: string | null } {
	if (actor.kind === 'user') return { kind: 'user', id: actor.user.id };
	return actor.kind === 'apiKey' ? { kind: 'key', id: actor.key.id } : { kind: 'system', id: null };
}

/** Who acts for the person behind a change, by id alone; nobody where people act for themselves. */
export const operatorOf = (actor: Doer): string | null =>
	actor.kind === 'user' ? (actor.session.impersonator?.id ?? null) : null;

/** The session that this browser was signed in to: that of an operator, where they act as somebody else. */
export const signedInWith = ({ session }: SignedIn): string => session.impersonator?.sessionId ?? session.id;

/** A person who proved who they are within this very call, whoever else may be signed in where it came from. */
export const actingAs = (actor: Actor, userId: string): Doer => {
	if (actor.kind === 'user' && actor.user.id === userId) return actor;
	const { ip, device, requestId } = actor;
	return { kind: 'user', ip, device, requestId, user: { id: userId }, session: { handle: null, impersonator: null } };
};

/** Whoever sends keys that are refused is counted as anybody is: nobody tries them, or has us look them up, for ever. */
async function keyOf(sent: string, source: Source, limits: Limits): Promise<ApiKey> {
	try {
		return await readKey(sent, source.ip);
	} catch (refused) {
		if (refused instanceof AppError) await countCall({ kind: 'anonymous', ...source }, limits);
		throw refused;
	}
}

/**
 * Finds out who is asking.
 * @throws {AppError} `invalid` for a key beside a session; what `readKey` throws; `rate_limited` after too much of it
 */
export async function identify(event: RequestEvent, limits = settings.limits): Promise<Actor> {
	const source = {
		ip: clientAddress(event),
		device: event.request.headers.get('user-agent')?.slice(0, 300) ?? '',
		deviceCookie: deviceCookie(event.cookies),
		requestId: event.locals.requestId
	};
	const sent = bearerOf(event.request.headers);
	if (sent !== undefined) {
		if (hasSessionCookie(event.cookies)) {
			throw new AppError('invalid', 'Send an API key or the cookie of a session, not both.');
		}
		return { kind: 'apiKey', ...source, key: await keyOf(sent, source, limits) };
	}
	const found = await readSession(event.cookies);
	return found ? { kind: 'user', ...source, ...found } : { kind: 'anonymous', ...source };
}
