import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, race } from '../../../tests/fixtures.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave } from '../../../tests/visits.ts';
import { hashToken } from '../crypto.ts';
import { db } from '../db.ts';
import { forgetFlows } from './service.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const hashOf = (back: URL) => hashToken(back.searchParams.get('state')!);
const flow = (stateHash: string) =>
	db
		.selectFrom('oauthFlow')
		.where('stateHash', '=', stateHash)
		.select(['sealedSession', 'subject', 'email', 'redirectTo'])
		.executeTakeFirst();
const change = (stateHash: string, set: { finishedAt?: Date; expiresAt?: Date }) =>
	db.updateTable('oauthFlow').where('stateHash', '=', stateHash).set(set).execute();

/** A visit that is over; with the address of an account it waits for its owner. */
async function end(email = newEmail()) {
	const browser = newBrowser();
	const person = { sub: randomUUID(), email, email_verified: true };
	const back = await agree(await leave(browser, 'google'), person);
	return { back, stateHash: hashOf(back), browser, reason: errorOf(await comeBack(browser, back)) };
}

test('the token of a session is forgotten a minute after the end, and its callback still leads onward', async () => {
	const [fresh, past] = [await end(), await end()];
	await change(fresh.stateHash, { finishedAt: ago(55) });
	await change(past.stateHash, { finishedAt: ago(61) });
	await forgetFlows();
	expect(await flow(fresh.stateHash)).toMatchObject({ sealedSession: expect.any(Buffer) as Buffer });
	expect(await flow(past.stateHash)).toMatchObject({ sealedSession: null, redirectTo: '/orgs' });
	expect(await comeBack(past.browser, past.back)).toBe('/orgs');
});

test('an identity that waited is forgotten with its flow', async () => {
	const { email } = await makeUser();
	const [waiting, past] = [await end(email), await end(email)];
	expect([waiting.reason, past.reason]).toEqual(['oauth_account_exists', 'oauth_account_exists']);
	await change(past.stateHash, { expiresAt: ago(1) });
	await forgetFlows();
	expect(await flow(waiting.stateHash)).toMatchObject({ subject: expect.any(String) as string, email });
	expect(await flow(past.stateHash)).toMatchObject({ subject: null, email: null });
});

test('a flow is deleted a day after it expired, finished or never', async () => {
	const left = newBrowser();
	const never = hashToken(new URL(await leave(left, 'google')).searchParams.get('state')!);
	const [kept, past] = [await end(), await end()];
	await change(kept.stateHash, { expiresAt: ago(86_390) });
	for (const stateHash of [past.stateHash, never]) await change(stateHash, { expiresAt: ago(86_401) });
	await forgetFlows();
	expect(await flow(kept.stateHash)).toBeDefined();
	for (const stateHash of [past.stateHash, never]) expect(await flow(stateHash)).toBeUndefined();
});

test('more than one batch is forgotten at once, also by several processes', async () => {
	const browserHash = randomUUID();
	const common = {
		browserHash,
		provider: 'google',
		intent: 'sign_in',
		verifier: '',
		nonce: '',
		redirectTo: '/'
	} as const;
	const rows = Array.from({ length: 2500 }, () => ({ ...common, stateHash: randomUUID(), expiresAt: ago(90_000) }));
	await db.insertInto('oauthFlow').values(rows).execute();
	const { lost } = await race(3, forgetFlows);
	expect(lost).toEqual([]);
	expect(await db.selectFrom('oauthFlow').where('browserHash', '=', browserHash).select('stateHash').execute()).toEqual(
		[]
	);
});
