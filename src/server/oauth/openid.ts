import { CodeChallengeMethod } from 'arctic';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { ProviderId } from '#lib/oauth.ts';
import { email } from '../fields.ts';
import { ask, askJson, Client, OAuthError } from './outward.ts';
import type { Claims, Provider, Registration } from './provider.ts';

type Options = Registration & { id: ProviderId; name: string; issuer: string; secure: boolean };

type Endpoints = { authorization: string; token: string; keys: JWTVerifyGetKey };

/** An OpenID provider that also checks tokens which did not come through our own flow (One Tap). */
export type OpenIdProvider = Provider & {
	clientId: string;
	verify: (idToken: string, nonce: string) => Promise<Claims>;
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
export function openId({ id, name, issuer, clientId, clientSecret, redirectUri, secure }: Options): OpenIdProvider {
	const client = new Client(clientId, clientSecret, redirectUri);
	let known: { endpoints: Promise<Endpoints>; until: number } | undefined;

	function endpoints(): Promise<Endpoints> {
		if (known && known.until > Date.now()) return known.endpoints;
		const asked = (known = { endpoints: discover(issuer, secure), until: Date.now() + FRESH });
		// A failure is not remembered: the next person asks again.
		asked.endpoints.catch(() => known === asked && (known = undefined));
		return asked.endpoints;
	}

	async function verify(idToken: string, nonce: string): Promise<Claims> {
		const { keys } = await endpoints();
		try {
			const { payload } = await jwtVerify(idToken, keys, {
				issuer,
				audience: clientId,
				algorithms: ALGORITHMS,
				requiredClaims: ['sub', 'iat', 'exp', 'nonce']
			});
			if (payload.nonce !== nonce) throw new OAuthError('oauth_failed', 'another nonce');
			if (payload.azp !== undefined && payload.azp !== clientId) throw new OAuthError('oauth_failed', 'another party');
			return toClaims(payload);
		} catch (cause) {
			if (cause instanceof OAuthError) throw cause;
			// What jose says of keys that it could not read is the provider's failure; the rest is the token's.
			const theirs = cause instanceof errors.JWKSInvalid || cause instanceof SyntaxError;
			throw new OAuthError(theirs ? 'oauth_server_error' : 'oauth_failed', cause);
		}
	}

	return {
		id,
		name,
		clientId,
		verify,
		async authorizationUrl(state, { verifier, nonce }) {
			const { authorization } = await endpoints();
			const method = CodeChallengeMethod.S256;
			const url = client.createAuthorizationURLWithPKCE(authorization, state, method, verifier, SCOPES);
			url.searchParams.set('nonce', nonce);
			return url;
		},
		async identify(code, { verifier, nonce }) {
			const { token } = await endpoints();
			const tokens = await client.validateAuthorizationCode(token, code, verifier);
			const idToken = 'id_token' in tokens.data ? tokens.data.id_token : undefined;
			if (typeof idToken !== 'string') throw new OAuthError('oauth_server_error', 'no ID token');
			return verify(idToken, nonce);
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

async function keysOf(url: string): Promise<Response> {
	const response = await ask(url);
	if (response.status !== 200) throw new OAuthError('oauth_server_error', `${url} answered ${response.status}`);
	return response;
}

const text = z.string().trim().min(1).max(100).nullish().catch(null);
const profile = z.object({
	sub: z.string().min(1).max(255),
	email: email.nullish().catch(null),
	email_verified: z.literal(true).nullish().catch(null),
	given_name: text,
	family_name: text,
	picture: z
		.url({ protocol: /^https$/ })
		.max(2000)
		.nullish()
		.catch(null)
});

function toClaims(payload: object): Claims {
	const { data, error } = profile.safeParse(payload);
	if (!data) throw new OAuthError('oauth_failed', error);
	return {
		subject: data.sub,
		email: data.email_verified ? (data.email ?? null) : null,
		firstName: data.given_name ?? null,
		lastName: data.family_name ?? null,
		picture: data.picture ?? null
	};
}
