import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
	OAuth2Issuer,
	OAuth2Service,
	type AugmentedRequest,
	type MutableRedirectUri,
	type MutableToken
} from 'oauth2-mock-server';
import { openId } from '#server/oauth/openid.ts';
import { listen } from './loopback.ts';

export type Claims = Record<string, unknown>;
type Signer = (text: string) => Buffer;

const base64url = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token that says what it likes, signed as it likes. */
export function compact(header: object, payload: object, signer: Signer): string {
	const text = `${base64url(header)}.${base64url(payload)}`;
	return `${text}.${signer(text).toString('base64url')}`;
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A key of nobody's. */
export const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const byKey =
	({ privateKey } = pair): Signer =>
	(text) =>
		sign('sha256', Buffer.from(text), privateKey);
export const byText =
	(secret: string | Buffer): Signer =>
	(text) =>
		createHmac('sha256', secret).update(text).digest();
export const unsigned: Signer = () => Buffer.alloc(0);

/** The key that the providers here sign with: its name, and its public half as anybody can fetch it. */
export const KEY = { kid: 'one', public: pair.publicKey };

export const CLIENT = { clientId: 'gatehouse', clientSecret: 's3cret/+ %' };

type Forge = (header: object, payload: Claims) => string;

/** An OpenID provider that vouches for whomever a visitor says they are, in a header, as it asks for the code. */
export async function startOpenId(id: 'google' | 'oidc' = 'google') {
	const issuer = new OAuth2Issuer();
	const jwk = pair.privateKey.export({ format: 'jwk' });
	await issuer.keys.add({ ...jwk, kid: KEY.kid, alg: 'RS256', kty: 'RSA' });
	const service = new OAuth2Service(issuer);
	const server = await listen((request, response) => void service.requestHandler(request, response));
	issuer.url = server.url;

	const visitors = new Map<string, Claims>();
	service.on('beforeAuthorizeRedirect', ({ url }: MutableRedirectUri, { url: asked, headers }: AugmentedRequest) => {
		const person = JSON.parse(String(headers.person)) as Claims;
		const isAsked = new URL(asked!, 'http://localhost').searchParams.has('max_age');
		const asOf = isAsked && { auth_time: Math.floor(Date.now() / 1000) };
		visitors.set(url.searchParams.get('code')!, { ...asOf, ...person });
	});
	service.on('beforeTokenSigning', ({ payload }: MutableToken, { body }: { body: { code: string } }) => {
		if ('aud' in payload) Object.assign(payload, visitors.get(body.code));
	});
	const forging: { forge?: Forge } = {};
	service.on('beforeResponse', ({ body }: { body: { id_token: string } }) => {
		const { id_token: token } = body;
		if (forging.forge) body.id_token = forging.forge(decodeProtectedHeader(token), decodeJwt(token));
	});

	const registration = { ...CLIENT, redirectUri: `http://localhost:5173/auth/oauth/${id}/callback` };
	const options = { id, name: id === 'google' ? 'Google' : 'Acme', issuer: server.url, secure: false };
	return { ...server, forging, provider: openId(registration, options) };
}

/** An ID token as Google's script hands it to the page. */
export function credential(issuer: string, claims: Claims, header: object = {}, signer = byKey()): string {
	const now = Math.floor(Date.now() / 1000);
	const payload = { iss: issuer, aud: CLIENT.clientId, azp: CLIENT.clientId, iat: now, exp: now + 600, ...claims };
	return compact({ alg: 'RS256', kid: KEY.kid, ...header }, payload, signer);
}
