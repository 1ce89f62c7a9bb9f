import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { newBrowser, newEmail } from '../../../tests/fixtures.ts';
import {
	byKey,
	byText,
	compact,
	credential,
	KEY,
	startOpenId,
	stranger,
	unsigned,
	type Claims
} from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';
import { log } from '../log.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
deploy({ google: google.provider, oidc: oidc.provider });

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const now = () => Math.floor(Date.now() / 1000);
const accounts = (email: string) => db.selectFrom('user').where('email', '=', email).select('id').execute();

/** What becomes of a visit whose ID token the provider, or somebody in between, has replaced. */
async function bring(forge: (header: object, payload: Claims) => string) {
	const [browser, person] = [newBrowser(), newPerson()];
	google.forging.forge = forge;
	const end = await visit(browser, 'google', person).finally(() => delete google.forging.forge);
	const isIn = (await browser.api.auth.session()) !== null;
	expect(await accounts(person.email)).toHaveLength(isIn ? 1 : 0);
	return errorOf(end);
}

const pem = KEY.public.export({ type: 'spki', format: 'pem' });
const der = KEY.public.export({ type: 'spki', format: 'der' });
const strangersJwk = stranger.publicKey.export({ format: 'jwk' });

describe('an ID token', () => {
	test('as it should be is taken', async () => {
		expect(await bring((header, payload) => compact(header, payload, byKey()))).toBeNull();
		expect(await bring((header, payload) => compact(header, { ...payload, aud: ['gatehouse'] }, byKey()))).toBeNull();
	});

	test.for<[string, (header: object, payload: Claims) => string]>([
		['is not signed', (header, payload) => compact({ ...header, alg: 'none' }, payload, unsigned)],
		['is not signed, in capitals', (header, payload) => compact({ ...header, alg: 'NONE' }, payload, unsigned)],
		['lost its signature', (header, payload) => compact(header, payload, unsigned)],
		['is signed with the public key', (header, payload) => compact({ ...header, alg: 'HS256' }, payload, byText(pem))],
		['is signed with its bytes', (header, payload) => compact({ ...header, alg: 'HS256' }, payload, byText(der))],
		['is signed with the secret', (_, payload) => compact({ alg: 'HS256' }, payload, byText('s3cret/+ %'))],
		['is signed by a stranger', (header, payload) => compact(header, payload, byKey(stranger))],
		['names another key', (header, payload) => compact({ ...header, kid: 'two' }, payload, byKey(stranger))],
		[
			'brings its key',
			(header, payload) => compact({ ...header, kid: 'two', jwk: strangersJwk }, payload, byKey(stranger))
		],
		['demands what nobody knows', (header, payload) => compact({ ...header, crit: ['x'], x: 1 }, payload, byKey())],
		['was changed', (header, payload) => compact(header, payload, () => byKey()(JSON.stringify(payload)))],
		['is no token', () => 'not.a.token']
	])('that %s is refused', async ([, forge]) => {
		expect(await bring(forge)).toBe('oauth_failed');
	});

	test('is not verified with keys from where it points', async () => {
		const asked = oidc.asked.length;
		for (const name of ['jku', 'x5u']) {
			const header = { alg: 'RS256', kid: 'two', [name]: `${oidc.url}/jwks` };
			expect(await bring((_, payload) => compact(header, payload, byKey(stranger)))).toBe('oauth_failed');
		}
		expect(oidc.asked).toHaveLength(asked);
	});

	test.for<[string, () => Claims]>([
		['another audience', () => ({ aud: 'somebody-else' })],
		['no audience', () => ({ aud: undefined })],
		['other audiences', () => ({ aud: ['somebody-else', 'and-another'] })],
		['several audiences and no party', () => ({ aud: ['gatehouse', 'somebody-else'] })],
		['several audiences and another party', () => ({ aud: ['gatehouse', 'x'], azp: 'x' })],
		['another party', () => ({ azp: 'somebody-else' })],
		['another issuer', () => ({ iss: 'https://accounts.google.com' })],
		['the other provider as issuer', () => ({ iss: oidc.url })],
		['an issuer that looks like it', () => ({ iss: `${google.url}/` })],
		['no issuer', () => ({ iss: undefined })],
		['a time that is over', () => ({ exp: now() - 1 })],
		['no end', () => ({ exp: undefined })],
		['an end in words', () => ({ exp: 'never' })],
		['a time to come', () => ({ nbf: now() + 60 })],
		['no beginning', () => ({ iat: undefined })],
		['another nonce', () => ({ nonce: 'another' })],
		['no nonce', () => ({ nonce: undefined })],
		['an empty nonce', () => ({ nonce: '' })],
		['nobody', () => ({ sub: undefined })],
		['an empty subject', () => ({ sub: '' })],
		['a subject that is a number', () => ({ sub: 5 })],
		['a subject that cannot be stored', () => ({ sub: 'a\0b' })],
		['a subject without end', () => ({ sub: 'x'.repeat(256) })]
	])('with %s is refused', async ([, change]) => {
		expect(await bring((header, payload) => compact(header, { ...payload, ...change() }, byKey()))).toBe(
			'oauth_failed'
		);
	});

	test.for<Claims>([
		{ email_verified: false },
		{ email_verified: undefined },
		{ email_verified: 'true' },
		{ email_verified: 'false' },
		{ email_verified: 1 },
		{ email_verified: null },
		{ email_verified: [true] },
		{ email: undefined },
		{ email: 'ada@localhost' },
		{ email: 'a@b.co,c@d.co' },
		{ email: ['a@b.co'] }
	])('with %j vouches for no address', async (change) => {
		const forge = (header: object, payload: Claims) => compact(header, { ...payload, ...change }, byKey());
		expect(await bring(forge)).toBe('oauth_email_unverified');
	});

	test('of another visit, or another person’s, is refused', async () => {
		const tokens: string[] = [];
		const keep = (header: object, payload: Claims) => {
			tokens.push(compact(header, payload, byKey()));
			return tokens.at(-1)!;
		};
		expect(await bring(keep)).toBeNull();
		expect(await bring(() => tokens[0]!)).toBe('oauth_failed');
	});
});

test('the log tells why a token was refused, and nothing that stands in it', async () => {
	const warn = vi.spyOn(log, 'warn');
	const told = () =>
		JSON.stringify(warn.mock.calls, (_, value: unknown) =>
			value instanceof Error ? { ...value, name: value.name, message: value.message, cause: value.cause } : value
		);
	const secret = { sub: 'canary-subject', email: 'canary@example.com', name: 'Canary Bird', nonce: 'canary-nonce' };
	for (const change of [{}, { aud: 'canary-audience' }, { iss: 'https://canary.example' }, { exp: 1 }]) {
		expect(await bring((header, payload) => compact(header, { ...payload, ...secret, ...change }, byKey()))).toBe(
			'oauth_failed'
		);
	}
	expect(await bring((header, payload) => compact(header, { ...payload, ...secret }, byKey(stranger)))).toBe(
		'oauth_failed'
	);
	expect(await bring((_, payload) => `canary.${JSON.stringify({ ...payload, ...secret })}`)).toBe('oauth_failed');
	const { api } = newBrowser();
	const forged = credential(
		google.url,
		{ ...secret, nonce: (await api.oauth.oneTapNonce()).nonce },
		{},
		byKey(stranger)
	);
	await expect(api.oauth.oneTap({ credential: forged })).rejects.toMatchObject({ reason: 'invalid_credentials' });
	expect(warn).toHaveBeenCalledTimes(7);
	expect(told()).toContain('signature verification failed');
	expect(told().toLowerCase()).not.toContain('canary');
	warn.mockRestore();
});

test('a code is good once, in its own visit, and with its own verifier', async () => {
	const [victim, attacker] = [newBrowser(), newBrowser()];
	const theirs = await agree(await leave(victim, 'google'), newPerson());
	const own = await agree(await leave(attacker, 'google'), newPerson());
	const injected = new URL(own);
	injected.searchParams.set('code', theirs.searchParams.get('code')!);
	expect(errorOf(await comeBack(attacker, injected))).toBe('oauth_failed');
	expect(await attacker.api.auth.session()).toBeNull();

	const person = newPerson();
	const used = await agree(await leave(victim, 'google'), person);
	expect(await comeBack(victim, used)).toBe('/orgs');
	const again = await agree(await leave(attacker, 'google'), newPerson());
	again.searchParams.set('code', used.searchParams.get('code')!);
	expect(errorOf(await comeBack(attacker, again))).toBe('oauth_failed');
	expect(await attacker.api.auth.session()).toBeNull();
});

test('endpoints and keys are asked for once, however many come', async () => {
	const fresh = await startOpenId('oidc');
	deploy({ oidc: fresh.provider });
	await Promise.all([1, 2, 3].map(() => visit(newBrowser(), 'oidc', newPerson())));
	await visit(newBrowser(), 'oidc', newPerson());
	const count = (path: string) => fresh.asked.filter((asked) => asked === path).length;
	expect(count('/.well-known/openid-configuration')).toBe(1);
	expect(count('/jwks')).toBe(1);
	fresh.stop();
});
