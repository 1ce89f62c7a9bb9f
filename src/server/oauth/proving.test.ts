import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeUser, newEmail, PASSWORD } from '../../../tests/fixtures.ts';
import { startGitHub } from '../../../tests/github.ts';
import { byKey, compact, startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
const github = await startGitHub();
deploy({ google: google.provider, github: github.provider, oidc: oidc.provider });

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const stale = () => new Date(Date.now() - 601_000);
const now = () => Math.floor(Date.now() / 1000);
const LINK = { intent: 'link' };
const PROVE = { intent: 'prove' };
const CONNECTIONS = '/account/connections';

/** Somebody who comes by a provider and signed in a while ago. */
async function comer(provider: 'google' | 'oidc') {
	const [user, person] = [await makeUser({ password: PASSWORD }), newPerson()];
	await visit(user, provider, person, LINK);
	await db.updateTable('session').where('id', '=', user.sessionId).set({ provenAt: stale() }).execute();
	const unlink = () => user.api.account.unlink({ provider });
	const isProven = async () => {
		const { provenAt } = await db
			.selectFrom('session')
			.where('id', '=', user.sessionId)
			.select('provenAt')
			.executeTakeFirstOrThrow();
		return provenAt > stale();
	};
	return { user, person, unlink, isProven };
}

test('a proof by one’s own identity counts; by somebody else’s it does not, and one is told', async () => {
	const { user, person, unlink } = await comer('google');
	await expect(unlink()).rejects.toMatchObject({ reason: 'step_up_required' });
	for (const [provider, other] of [
		['google', newPerson()],
		['oidc', person]
	] as const) {
		expect(errorOf(await visit(user, provider, other, PROVE))).toBe('oauth_other_person');
	}
	await expect(unlink()).rejects.toMatchObject({ reason: 'step_up_required' });
	expect(await visit(user, 'google', person, PROVE, true)).toBe(CONNECTIONS);
	expect(await unlink()).toEqual({ status: 'disconnected' });
});

describe('what is asked of a provider', () => {
	const asked = async (provider: 'google' | 'github' | 'oidc', query: object) => {
		const { searchParams } = new URL(await leave(await makeUser(), provider, query));
		return [searchParams.get('prompt'), searchParams.get('max_age')];
	};

	test('for a proof is a credential, or at least a click where there is no more to be had', async () => {
		expect(await asked('oidc', PROVE)).toEqual(['login', '0']);
		expect(await asked('google', PROVE)).toEqual(['select_account', null]);
		expect(await asked('github', PROVE)).toEqual(['select_account', null]);
	});

	test('for anything else is no credential', async () => {
		for (const query of [LINK, {}]) {
			expect(await asked('oidc', query)).toEqual([null, null]);
			expect(await asked('google', query)).toEqual(['select_account', null]);
			expect(await asked('github', query)).toEqual([null, null]);
		}
	});
});

describe('a proof by an OpenID provider', () => {
	test.for<[string, () => object]>([
		['an old one', () => ({ auth_time: now() - 60 })],
		['the beginning of time', () => ({ auth_time: 0 })],
		['one in words', () => ({ auth_time: String(now()) })],
		['null', () => ({ auth_time: null })],
		['one in a list', () => ({ auth_time: [now()] })]
	])('with %s for the time of its sign-in is refused, and one is told', async ([, change]) => {
		const { user, person, isProven } = await comer('oidc');
		expect(errorOf(await visit(user, 'oidc', { ...person, ...change() }, PROVE))).toBe('oauth_not_proven');
		expect(await isProven()).toBe(false);
	});

	test('that does not say when is refused', async () => {
		const { user, person, isProven } = await comer('oidc');
		oidc.forging.forge = (header, payload) => compact(header, { ...payload, auth_time: undefined }, byKey());
		const end = await visit(user, 'oidc', person, PROVE).finally(() => delete oidc.forging.forge);
		expect(errorOf(end)).toBe('oauth_not_proven');
		expect(await isProven()).toBe(false);
	});

	test('whose demand was stripped on the way is refused', async () => {
		const { user, person, isProven } = await comer('oidc');
		const url = new URL(await leave(user, 'oidc', PROVE));
		for (const name of ['prompt', 'max_age']) url.searchParams.delete(name);
		expect(errorOf(await comeBack(user, await agree(url.href, person)))).toBe('oauth_not_proven');
		expect(await isProven()).toBe(false);
	});

	test('right after a sign-in there counts, also by a clock that is a little behind', async () => {
		for (const behind of [0, 20]) {
			const { user, person, isProven } = await comer('oidc');
			expect(await visit(user, 'oidc', { ...person, auth_time: now() - behind }, PROVE)).toBe(CONNECTIONS);
			expect(await isProven()).toBe(true);
		}
	});

	test('is no condition of a sign-in, nor of a connection', async () => {
		const [user, person] = [await makeUser(), { ...newPerson(), auth_time: 0 }];
		expect(await visit(user, 'oidc', person, LINK)).toBe(CONNECTIONS);
		expect(await visit(user, 'oidc', person)).toBe('/orgs');
	});
});
