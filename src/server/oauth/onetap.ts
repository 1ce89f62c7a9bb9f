import { decodeJwt } from 'jose';
import type { Actor } from '../auth/actor.ts';
import type { NewSession } from '../auth/session.ts';
import { hashToken, newToken } from '../crypto.ts';
import { db } from '../db.ts';
import type { Settings } from '../settings.ts';
import type { OpenIdProvider } from './openid.ts';
import { noteRefusal, OAuthError, toAppError } from './outward.ts';
import { insertFlow, takeFlow } from './queries.ts';
import { enter } from './service.ts';

/** Begins a flow whose state is the nonce that Google puts into the token: so that is bound to this browser, and used once. */
export async function beginOneTap(mark: (stateHash: string) => string): Promise<string> {
	const nonce = newToken();
	const stateHash = hashToken(nonce);
	const flow = { stateHash, browserHash: mark(stateHash), verifier: '', nonce: '', redirectTo: '/', beganIn: null };
	await insertFlow(db, { ...flow, provider: 'google', intent: 'sign_in' });
	return nonce;
}

function nonceIn(credential: string): string {
	try {
		return String(decodeJwt(credential).nonce);
	} catch (cause) {
		throw new OAuthError('oauth_failed', cause);
	}
}

/**
 * Signs in by the ID token that Google handed to the page.
 * @throws {AppError} `invalid_credentials` for whatever is wrong with it; `unavailable` when Google is; `suspended`;
 * `forbidden` to somebody new while sign-up is closed
 */
export async function finishOneTap(
	actor: Actor,
	google: OpenIdProvider,
	credential: string,
	markOf: (stateHash: string) => string | undefined,
	settings: Settings
): Promise<NewSession> {
	try {
		const nonce = nonceIn(credential);
		const stateHash = hashToken(nonce);
		const browserHash = markOf(stateHash);
		if (!browserHash) throw new OAuthError('oauth_invalid_state');
		const claims = await google.verify(credential, { nonce, provesFrom: null });
		const flow = await takeFlow(db, { stateHash, browserHash, provider: 'google' });
		if (!flow) throw new OAuthError('oauth_invalid_state');
		return await enter(actor, flow, claims, settings);
	} catch (cause) {
		noteRefusal('google', cause);
		throw toAppError(cause);
	}
}
