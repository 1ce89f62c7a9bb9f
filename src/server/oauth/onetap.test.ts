import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { byKey, byText, credential, KEY, startOpenId, stranger, unsigned } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit, type Browser } from '../../../tests/visits.ts';
import { hashToken } from '../crypto.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const newPerson = (email = newEmail()) => ({ sub: randomUUID(), email, email_verified: true });
const begin = async ({ api }: Browser) => (await api.oauth.oneTapNonce()).nonce;
const tap = ({ api }: Browser, given: string) => api.oauth.oneTap({ credential: given });
const refusal = { reason: 'invalid_credentials', code: 'UNAUTHORIZED' };

test('a tap makes the account of somebody new, and signs in whoever has one', async () => {
	const person = newPerson();
	const ids = [];
	for (const browser of [newBrowser(), newBrowser()]) {
		const answer = await tap(browser, credential(google.url, { ...person, nonce: await begin(browser) }));
		const { user, csrfToken } = await browser.api.auth.me();
		expect(answer).toEqual({ status: 'signed_in', csrfToken });
		expect(user.email).toBe(person.email);
		ids.push(user.id);
	}
	expect(new Set(ids).size).toBe(1);
	const browser = newBrowser();
	await visit(browser, 'google', person);
	expect((await browser.api.auth.me()).user.id).toBe(ids[0]);
});

test('a token is accepted once, of twenty at once, too', async () => {
	const browser = newBrowser();
	const token = credential(google.url, { ...newPerson(), nonce: await begin(browser) });
	const { won, lost } = await race(20, () => tap(browser, token));
	expect(won).toHaveLength(1);
	expect(lost).toMatchObject(Array(19).fill(refusal));
	await browser.api.auth.logout();
	await expect(tap(browser, token)).rejects.toMatchObject(refusal);
	expect(await browser.api.auth.session()).toBeNull();
});

describe('a token is refused', () => {
	test('in a browser that did not ask for its nonce, before anything goes out', async () => {
		const [victim, attacker] = [newBrowser(), newBrowser()];
		const token = credential(google.url, { ...newPerson(), nonce: await begin(attacker) });
		await begin(victim);
		const fresh = await startOpenId('google');
		deploy({ google: fresh.provider });
		for (const nonce of ['never', '', undefined, 5, ['x']]) {
			await expect(tap(victim, credential(fresh.url, { ...newPerson(), nonce }))).rejects.toMatchObject(refusal);
		}
		await expect(tap(victim, token)).rejects.toMatchObject(refusal);
		expect(fresh.asked).toEqual([]);
		deploy({ google: google.provider });
		fresh.stop();
		expect(await victim.api.auth.session()).toBeNull();
	});

	test('after ten minutes', async () => {
		const browser = newBrowser();
		const nonce = await begin(browser);
		const past = { expiresAt: new Date(Date.now() - 1000) };
		await db.updateTable('oauthFlow').where('stateHash', '=', hashToken(nonce)).set(past).execute();
		await expect(tap(browser, credential(google.url, { ...newPerson(), nonce }))).rejects.toMatchObject(refusal);
	});

	test.for<[string, object, object?, ReturnType<typeof byKey>?]>([
		['for another client', { aud: 'somebody-else' }],
		['of another issuer', { iss: 'https://accounts.google.com' }],
		['asked for by another party', { azp: 'somebody-else' }],
		['that is over', { exp: 1 }],
		['that is not signed', {}, { alg: 'none' }, unsigned],
		['signed with the public key', {}, { alg: 'HS256' }, byText(KEY.public.export({ type: 'spki', format: 'pem' }))],
		['signed by a stranger', {}, {}, byKey(stranger)],
		['without a verified address', { email_verified: 'true' }]
	])('%s; a good one is taken after it', async ([, claims, header, signer]) => {
		const browser = newBrowser();
		const person = { ...newPerson(), nonce: await begin(browser) };
		const forged = credential(google.url, { ...person, ...claims }, header, signer);
		await expect(tap(browser, forged)).rejects.toMatchObject(refusal);
		expect(await browser.api.auth.session()).toBeNull();
		if ('email_verified' in claims) return;
		expect(await tap(browser, credential(google.url, person))).toMatchObject({ status: 'signed_in' });
	});

	test.for(['', 'x', 'a.b.c', '..', `${'x'.repeat(8000)}`])('when it is %j', async (text) => {
		const browser = newBrowser();
		await begin(browser);
		await expect(tap(browser, text)).rejects.toMatchObject(refusal);
	});
});

test('an ordinary visit is not ended by a tap, nor a tap by a callback', async () => {
	const browser = newBrowser();
	const back = await agree(await leave(browser, 'google'), newPerson());
	const nonce = new URL(await leave(browser, 'google')).searchParams.get('nonce')!;
	await expect(tap(browser, credential(google.url, { ...newPerson(), nonce }))).rejects.toMatchObject(refusal);
	google.asked.length = 0;
	back.searchParams.set('state', await begin(browser));
	expect(errorOf(await comeBack(browser, back))).toBe('oauth_invalid_state');
	expect(google.asked).toEqual([]);
});

test('twelve offers push out no visit to a provider that is under way, nor do visits push out an offer', async () => {
	const [browser, person] = [newBrowser(), newPerson()];
	const back = await agree(await leave(browser, 'google'), person);
	const nonces = [];
	for (let offers = 0; offers < 12; offers++) nonces.push(await begin(browser));
	expect(await comeBack(browser, back)).toBe('/orgs');
	for (let visits = 0; visits < 12; visits++) await leave(browser, 'google');
	const [first, last] = [nonces.at(0), nonces.at(-1)].map((nonce) => credential(google.url, { ...person, nonce }));
	await expect(tap(browser, first!)).rejects.toMatchObject(refusal);
	expect(await tap(browser, last!)).toMatchObject({ status: 'signed_in' });
});

test('a nonce in place of an old one is taken, and the old one too as long as it lives', async () => {
	const [browser, person] = [newBrowser(), newPerson()];
	const [old, renewed] = [await begin(browser), await begin(browser)];
	for (const nonce of [renewed, old]) {
		expect(await tap(browser, credential(google.url, { ...person, nonce }))).toMatchObject({ status: 'signed_in' });
	}
});

test('an address that has an account waits for its owner here, too', async () => {
	const { email } = await makeUser({ password: PASSWORD });
	const browser = newBrowser();
	const token = credential(google.url, { ...newPerson(email), nonce: await begin(browser) });
	await expect(tap(browser, token)).rejects.toMatchObject({
		...refusal,
		message: expect.stringMatching(/Sign in as you always do/) as string
	});
	await browser.api.auth.login({ identifier: email, password: PASSWORD });
	expect(await browser.api.oauth.waiting()).toEqual([{ provider: 'google', email }]);
	await browser.api.oauth.connectWaiting({ provider: 'google' });
	expect(await browser.api.account.connections()).toMatchObject([{ provider: 'google', email }]);
});

test('while Google is away, it is unavailable; where it is not set up, it is not found', async () => {
	const away = await startOpenId('google');
	deploy({ google: away.provider });
	const browser = newBrowser();
	const token = credential(away.url, { ...newPerson(), nonce: await begin(browser) });
	away.spoilt.set('/jwks', (_, response) => response.writeHead(500).end());
	await expect(tap(browser, token)).rejects.toMatchObject({ reason: 'unavailable' });
	away.spoilt.clear();
	expect(await tap(browser, token)).toMatchObject({ status: 'signed_in' });
	away.stop();
	deploy({ google: undefined });
	await expect(browser.api.oauth.oneTapNonce()).rejects.toMatchObject({ reason: 'not_found' });
	await expect(tap(browser, token)).rejects.toMatchObject({ reason: 'not_found' });
	deploy({ google: google.provider });
});
