import { CodeChallengeMethod } from 'arctic';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { ProviderId } from '#lib/oauth.ts';
import { askJson, Client, OAuthError } from './outward.ts';
import { claims, splitName, type Claims, type Errand, type Provider, type Registration } from './provider.ts';

type Options = { id: ProviderId; name: string; issuer: string; secure: boolean };

type Endpoints = { authorization: string; token: string; keys: JWTVerifyGetKey };

/** An OpenID provider that also checks tokens which did not come through our own flow (One Tap). */
export type OpenIdProvider = Provider & {
	clientId: string;
	verify: (idToken: string, expected: Pick<Errand, 'nonce' | 'provesFrom'>) => Promise<Claims>;
};

/** How long a discovery document is believed, in milliseconds. */
const FRESH = 60 * 60 * 1000;

/** Signatures made with a private key alone: with a shared one, whoever knows the public key could sign. */
const ALGORITHMS = [
	'RS256',
	'RS384',
	'RS512',
	'PS256',
	'PS384',
	'PS512',
	'ES256',
	'ES384',
	'ES512',
	'EdDSA',
	'Ed25519'
];

const SCOPES = ['openid', 'email', 'profile'];

/** Any OpenID Connect provider, by its issuer: endpoints and keys come from the discovery document. */
export function openId(registration: Registration, { id, name, issuer, secure }: Options): OpenIdProvider {
	const client = new Client(registration);
	const { clientId } = registration;
	// Google asks nobody for a password again, and says when it did to apps alone that it has reviewed.
	const asksAgain = id !== 'google';
	let known: { endpoints: Promise<Endpoints>; until: number } | undefined;

	function endpoints(): Promise<Endpoints> {
		if (known && known.until > Date.now()) return known.endpoints;
		const asked = (known = { endpoints: discover(issuer, secure), until: Date.now() + FRESH });
		// A failure is not remembered: the next person asks again.
		asked.endpoints.catch(() => known === asked && (known = undefined));
		return asked.endpoints;
	}

	async function verify(idToken: string, { nonce, provesFrom }: Pick<Errand, 'nonce' | 'provesFrom'>): Promise<Claims> {
		const { keys } = await endpoints();
		try {
			const { payload } = await jwtVerify(idToken, keys, {
				issuer,
				audience: clientId,
				algorithms: ALGORITHMS,
				requiredClaims: ['sub', 'iat', 'exp', 'nonce']
			});
			if (payload.nonce !== nonce) throw new OAuthError('oauth_failed', 'another nonce');
			if (!isFor(clientId, payload)) throw new OAuthError('oauth_failed', 'another party');
			if (provesFrom && asksAgain && !wasAsked(payload, provesFrom)) throw new OAuthError('oauth_not_proven');
			return toClaims(payload);
		} catch (cause) {
			if (cause instanceof OAuthError) throw cause;
			// Keys that cannot be read are the provider's failure; the rest that jose refuses is the token's.
			const isTokens = cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSInvalid);
			throw new OAuthError(isTokens ? 'oauth_failed' : 'oauth_server_error', cause);
		}
	}

	return {
		id,
		name,
		issuer,
		clientId,
		verify,
		async authorizationUrl(state, { verifier, nonce, provesFrom }) {
			const { authorization } = await endpoints();
			const method = CodeChallengeMethod.S256;
			const url = client.createAuthorizationURLWithPKCE(authorization, state, method, verifier, SCOPES);
			url.searchParams.set('nonce', nonce);
			// Else Google may choose for somebody who has several accounts, and choose the same one for ever.
			if (!asksAgain) url.searchParams.set('prompt', 'select_account');
			else if (provesFrom) {
				url.searchParams.set('prompt', 'login');
				url.searchParams.set('max_age', '0');
			}
			return url;
		},
		async identify(code, { verifier, ...expected }) {
			const { token } = await endpoints();
			const tokens = await client.validateAuthorizationCode(token, code, verifier);
			const idToken = 'id_token' in tokens.data ? tokens.data.id_token : undefined;
			if (typeof idToken !== 'string') throw new OAuthError('oauth_server_error', 'no ID token');
			return verify(idToken, expected);
		}
	};
}

async function discover(issuer: string, secure: boolean): Promise<Endpoints> {
	const document = await askJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
	const endpoint = z.url({ protocol: secure ? /^https$/ : /^https?$/ });
	const schema = z.object({
		issuer: z.literal(issuer),
		authorization_endpoint: endpoint,
		token_endpoint: endpoint,
		jwks_uri: endpoint
	});
	const { data, error } = schema.safeParse(document);
	if (!data) throw new OAuthError('oauth_server_error', error);
	const keys = createRemoteJWKSet(new URL(data.jwks_uri), { [customFetch]: keysOf });
	return { authorization: data.authorization_endpoint, token: data.token_endpoint, keys };
}

const keysOf = async (url: string) => Response.json(await askJson(url));

/** A token for several parties says which of them asked for it, and one that says so means that one alone. */
function isFor(clientId: string, { azp, aud }: JWTPayload): boolean {
	const isShared = Array.isArray(aud) && aud.length > 1;
	return azp === clientId || (azp === undefined && !isShared);
}

/** How far a provider's clock may be behind ours, in seconds. */
const LEEWAY = 30;

/** Whether the person gave a credential since then: whoever strips the demand from the address is found out here. */
const wasAsked = ({ auth_time: at }: JWTPayload, since: Date): boolean =>
	typeof at === 'number' && at >= since.getTime() / 1000 - LEEWAY;

const profile = z.object({
	sub: claims.subject,
	email: claims.email,
	email_verified: z.literal(true).nullish().catch(null),
	name: claims.name,
	given_name: claims.name,
	family_name: claims.name,
	picture: claims.picture
});

function toClaims(payload: JWTPayload): Claims {
	const { data, error } = profile.safeParse(payload);
	if (!data) throw new OAuthError('oauth_failed', error);
	const { sub, email, email_verified, name, given_name, family_name, picture } = data;
	const isNamed = given_name || family_name;
	return {
		subject: sub,
		email: (email_verified && email) || null,
		...(isNamed ? { firstName: given_name ?? null, lastName: family_name ?? null } : splitName(name)),
		picture: picture ?? null
	};
}
