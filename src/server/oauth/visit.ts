import { generateCodeVerifier } from 'arctic';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OAuthReason, ProviderId } from '#lib/oauth.ts';
import { signedInWith, type Actor } from '../auth/actor.ts';
import type { Known } from '../auth/device.ts';
import { IDLE, sessionOf, type NewSession } from '../auth/session.ts';
import { hashToken, newToken, open, seal } from '../crypto.ts';
import { db } from '../db.ts';
import type { Settings } from '../settings.ts';
import { noteRefusal, OAuthError } from './outward.ts';
import type { Provider } from './provider.ts';
import * as queries from './queries.ts';
import { settle } from './service.ts';
import { isState, newState } from './state.ts';

export type Wish = { intent: queries.Intent; redirectTo: string };

/**
 * Begins a visit to a provider: where to send the person. `mark` marks their browser and answers what to keep of it.
 * @throws {OAuthError}
 */
export async function leave(
	actor: Actor,
	provider: Provider,
	{ intent, redirectTo }: Wish,
	mark: (stateHash: string) => string
): Promise<URL> {
	const state = newState();
	const secrets = { verifier: generateCodeVerifier(), nonce: newToken() };
	const provesFrom = intent === 'prove' ? new Date() : null;
	const url = await provider.authorizationUrl(state, { ...secrets, provesFrom }).catch((cause: unknown) => {
		noteRefusal(provider.id, cause);
		throw cause;
	});
	const stateHash = hashToken(state);
	const beganIn = actor.kind === 'user' ? signedInWith(actor) : null;
	const browserHash = mark(stateHash);
	await queries.insertFlow(db, {
		stateHash,
		browserHash,
		provider: provider.id,
		intent,
		...secrets,
		redirectTo,
		beganIn
	});
	return url;
}

/** What a provider sends a person back with, and the mark of the browser that brings it. */
export type Return = {
	state: string | null;
	code: string | null;
	error: string | null;
	issuer: string | null;
	browserHash?: string;
};

/** How a visit ended: where the person goes on, and the session they are in now, if it is a new one. */
export type Arrival = { redirectTo: string; session: NewSession | null };

/** What a provider may answer instead of a code (RFC 6749, 4.1.2.1). */
const ANSWERS = new Map<string, OAuthReason>([
	['access_denied', 'oauth_cancelled'],
	['invalid_request', 'oauth_invalid_request'],
	['unauthorized_client', 'oauth_unauthorized'],
	['unsupported_response_type', 'oauth_unsupported'],
	['invalid_scope', 'oauth_invalid_scope'],
	['server_error', 'oauth_server_error'],
	['temporarily_unavailable', 'oauth_unavailable']
]);

/** The code that a provider sends somebody back with. */
function codeOf({ issuer: expected }: Provider, { code, error, issuer }: Return): string {
	// A provider of ours that is hostile could have sent the person to another one, to get at its code.
	if (issuer !== null && expected !== undefined && issuer !== expected) throw new OAuthError('oauth_failed', issuer);
	if (error) throw new OAuthError(ANSWERS.get(error) ?? 'oauth_failed', error);
	if (!code) throw new OAuthError('oauth_missing_code');
	return code;
}

/**
 * Ends a visit: checks that it is one of this browser, exchanges the code, and settles who came.
 * Nothing goes out for a state that is forged, used, too old, or of another browser or provider.
 * @throws {OAuthError}; {AppError} `suspended`
 */
export async function comeBack(actor: Actor, provider: Provider, back: Return, settings: Settings): Promise<Arrival> {
	const { state, browserHash } = back;
	if (!isState(state)) throw new OAuthError('oauth_invalid_state');
	const stateHash = hashToken(state);
	const flow = browserHash && (await queries.takeFlow(db, { stateHash, browserHash, provider: provider.id }));
	if (!flow) return comeAgain(actor, provider.id, stateHash, browserHash);
	try {
		const provesFrom = flow.intent === 'prove' ? flow.createdAt : null;
		const claims = await provider.identify(codeOf(provider, back), { ...flow, provesFrom });
		const session = await settle(actor, flow, claims, settings);
		const end = session ? { sessionId: session.id, sealedSession: pack(session) } : { sessionId: flow.beganIn };
		await queries.finishFlow(db, stateHash, end);
		return { redirectTo: flow.redirectTo, session };
	} catch (cause) {
		await queries.finishFlow(db, stateHash, { error: noteRefusal(provider.id, cause) });
		throw cause;
	}
}

const pack = ({ token, owner, expiresAt }: NewSession) => seal('oauth', JSON.stringify([token, owner, expiresAt]));

function unpack(sealed: Buffer): NewSession {
	const [token, owner, expiresAt] = JSON.parse(open('oauth', sealed)) as [string, Known, string];
	return sessionOf(token, owner, new Date(expiresAt));
}

/** How often a doubled callback looks for the end of the first, in milliseconds. */
const LOOK = 100;

/**
 * A callback of a flow that is used. A browser may send it twice at once and hear the second answer alone: within
 * seconds that one ends as the first did. Later it leads onward only whom the flow signed in, and is nothing to others;
 * where a Strict cookie stayed away, the flow's own cookie says who that is, as long as the session lives.
 */
async function comeAgain(
	actor: Actor,
	provider: ProviderId,
	stateHash: string,
	browserHash?: string
): Promise<Arrival> {
	for (;;) {
		const flow = await queries.findUsedFlow(db, stateHash, provider, IDLE);
		if (!flow) throw new OAuthError('oauth_invalid_state');
		const { redirectTo, sealedSession, fresh } = flow;
		if (actor.kind === 'user' && actor.session.id === flow.sessionId) return { redirectTo, session: null };
		if (flow.browserHash !== browserHash) throw new OAuthError('oauth_invalid_state');
		if (fresh && flow.error) throw new OAuthError(flow.error as OAuthReason);
		if (fresh && flow.lives) return { redirectTo, session: sealedSession && unpack(sealedSession) };
		if (flow.lives && actor.kind === 'anonymous') return { redirectTo, session: null };
		if (!fresh || flow.finishedAt) throw new OAuthError('oauth_invalid_state');
		await sleep(LOOK);
	}
}
