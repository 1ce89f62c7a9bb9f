import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { newBrowser, newEmail } from '../../../tests/fixtures.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, leave } from '../../../tests/visits.ts';
import { hashToken, sign } from '../crypto.ts';
import { db, pool } from '../db.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

/** A visit up to the moment before the way back. */
async function begin() {
	const browser = newBrowser();
	const person = { sub: randomUUID(), email: newEmail(), email_verified: true };
	const back = await agree(await leave(browser, 'google'), person);
	return { browser, back, state: back.searchParams.get('state')! };
}

test.for<[string, (state: string) => string | null]>([
	['none', () => null],
	['an empty one', () => ''],
	['its random part alone', (state) => state.split('.')[0]!],
	['another signature', (state) => `${state.split('.')[0]}.${'A'.repeat(43)}`],
	['another random part', (state) => `${'A'.repeat(43)}.${state.split('.')[1]}`],
	['more behind it', (state) => `${state}.x`],
	['a signature for another purpose', (state) => `${state.split('.')[0]}.${sign('csrf', state.split('.')[0]!)}`],
	['what no database stores', () => '\0']
])('a callback with %s for a state is refused, and costs neither a request nor a query', async ([, forge]) => {
	const { browser, back, state } = await begin();
	const forged = forge(state);
	if (forged === null) back.searchParams.delete('state');
	else back.searchParams.set('state', forged);
	google.asked.length = 0;
	const borrowed = vi.spyOn(pool, 'connect');
	expect(await comeBack(browser, back)).toBe('/login?error=oauth_invalid_state');
	expect(borrowed).not.toHaveBeenCalled();
	expect(google.asked).toEqual([]);
	back.searchParams.set('state', state);
	expect(await comeBack(browser, back)).toBe('/orgs');
	expect(borrowed).toHaveBeenCalled();
	borrowed.mockRestore();
});

test('a state that never was is refused before anything goes out', async () => {
	const { browser, back } = await begin();
	back.searchParams.set('state', `never.${sign('oauth', 'never')}`);
	google.asked.length = 0;
	expect(await comeBack(browser, back)).toBe('/login?error=oauth_invalid_state');
	expect(google.asked).toEqual([]);
});

test('a state, and the mark of its browser, are stored as their hashes', async () => {
	const { browser, state } = await begin();
	const [mark] = browser.cookies.getAll().filter(({ name }) => name.startsWith('oauth_flow_'));
	const row = await db
		.selectFrom('oauthFlow')
		.where('stateHash', '=', hashToken(state))
		.selectAll()
		.executeTakeFirstOrThrow();
	expect(row.browserHash).toBe(hashToken(mark!.value));
	for (const secret of [state, mark!.value]) expect(JSON.stringify(row)).not.toContain(secret);
});
