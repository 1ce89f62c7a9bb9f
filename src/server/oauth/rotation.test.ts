import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD } from '../../../tests/fixtures.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, errorOf, leave, type Browser } from '../../../tests/visits.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const LINK = { intent: 'link' };
const CONNECTIONS = '/account/connections';
const change = ({ api }: Browser) =>
	api.password.update({ currentPassword: PASSWORD, newPassword: 'patient-umbrella-17' });

test.for([false, true])(
	'a password changed on the way leaves a connection to be finished (Strict: %s)',
	async (strict) => {
		const user = await makeUser({ password: PASSWORD });
		const back = await agree(await leave(user, 'google', LINK), newPerson());
		await change(user);
		expect(await comeBack(user, back, { strict })).toBe(CONNECTIONS);
		expect(await user.api.account.connections()).toHaveLength(1);
		expect(await comeBack(user, back, { strict })).toBe(CONNECTIONS);
	}
);

test('what a thief of the session began ends with the password', async () => {
	const user = await makeUser({ password: PASSWORD });
	const thief = newBrowser();
	thief.cookies.set('session_id', user.cookies.get('session_id')!, { path: '/' });
	const back = await agree(await leave(thief, 'google', LINK), newPerson());
	await change(user);
	for (const strict of [true, false]) {
		expect(errorOf(await comeBack(thief, back, { strict }))).toBe('oauth_invalid_state');
	}
	expect(await user.api.account.connections()).toEqual([]);
});

test('a doubled callback after it keeps the new session', async () => {
	const [user, person] = [newBrowser(), newPerson()];
	const back = await agree(await leave(user, 'google'), person);
	expect(await comeBack(user, back)).toBe('/orgs');
	await user.api.password.update({ newPassword: PASSWORD });
	const session = user.cookies.get('session_id');
	for (const strict of [true, false]) expect(await comeBack(user, back, { strict })).toBe('/orgs');
	expect(user.cookies.get('session_id')).toBe(session);
	expect((await user.api.auth.me()).user.email).toBe(person.email);
});
