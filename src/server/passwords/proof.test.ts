import { expect, test } from 'vitest';
import { makeOrg, makeUser, PASSWORD, race } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';
import { accessTable } from '../router.ts';

/**
 * What changes how one gets in, hands out a key, or cannot be undone. The two changes that take the password along,
 * `password.update` and `account.changeEmail`, ask for a proof themselves where none comes with them.
 */
const GUARDED =
	/^(account\.(unlink|delete|deactivate)|apiKeys\.(create|update|rotate|revoke)|oauth\.connectWaiting|orgs\.delete)$/;

const provenAt = new Date(Date.now() - 601_000);
const unlink = ({ api }: Awaited<ReturnType<typeof makeUser>>) => api.account.unlink({ provider: 'google' });

test('a sign-in counts as proof for ten minutes, and the password makes it count again', async () => {
	const user = await makeUser({ password: PASSWORD });
	await expect(unlink(user)).rejects.toMatchObject({ reason: 'not_found' });
	await db.updateTable('session').where('id', '=', user.sessionId).set({ provenAt }).execute();
	await expect(unlink(user)).rejects.toMatchObject({ reason: 'step_up_required', code: 'FORBIDDEN' });
	const { until } = await user.api.account.reauthenticate({ password: PASSWORD });
	expect(until.getTime() - Date.now()).toBeGreaterThan(590_000);
	expect(until.getTime() - Date.now()).toBeLessThanOrEqual(600_000);
	await expect(unlink(user)).rejects.toMatchObject({ reason: 'not_found' });
});

const guarded = accessTable().filter(({ path }) => GUARDED.test(path));

test('it is asked for by what is grave, and by nothing else', () => {
	expect(guarded.map(({ path }) => path)).toEqual([
		'account.deactivate',
		'account.delete',
		'account.unlink',
		'apiKeys.create',
		'apiKeys.revoke',
		'apiKeys.rotate',
		'apiKeys.update',
		'oauth.connectWaiting',
		'orgs.delete'
	]);
	// What the console asks it for is tried where it stands.
	expect(accessTable().filter(({ proof, access }) => proof && access !== 'sys_admin')).toEqual(guarded);
});

test.for(guarded)('$path asks for it before the input is looked at', async ({ path }) => {
	const {
		slug,
		members: [{ api, sessionId }]
	} = await makeOrg('org_admin');
	await db.updateTable('session').where('id', '=', sessionId).set({ provenAt }).execute();
	const [feature, name] = path.split('.') as [string, string];
	const call = (api as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[feature]![
		name
	]!;
	await expect(call({ org: slug })).rejects.toMatchObject({ reason: 'step_up_required' });
});

test('a wrong password, or none at all, proves nothing', async () => {
	const [user, without] = [await makeUser({ password: PASSWORD, provenAt }), await makeUser({ provenAt })];
	for (const [{ api }, password, words] of [
		[user, 'not-the-password', /not your password/],
		[user, '', /not your password/],
		[without, PASSWORD, /provider/]
	] as const) {
		const reauthenticating = api.account.reauthenticate({ password });
		await expect(reauthenticating).rejects.toMatchObject({ reason: 'invalid', fields: { password: [words] } });
	}
	for (const person of [user, without]) {
		await expect(unlink(person)).rejects.toMatchObject({ reason: 'step_up_required' });
	}
});

test('a first password needs proof, and a changed one is proof', async () => {
	const newPassword = 'four-llamas-at-sea';
	const without = await makeUser({ provenAt });
	const setting = without.api.password.update({ newPassword });
	await expect(setting).rejects.toMatchObject({ reason: 'step_up_required' });
	const user = await makeUser({ password: PASSWORD, provenAt });
	await user.api.password.update({ currentPassword: PASSWORD, newPassword });
	await expect(unlink(user)).rejects.toMatchObject({ reason: 'not_found' });
});

test('proof is of one session alone', async () => {
	const user = await makeUser({ password: PASSWORD, provenAt });
	const row = db.selectFrom('session').where('id', '=', user.sessionId).select('provenAt');
	const { api } = await makeUser({ password: PASSWORD, provenAt });
	await api.account.reauthenticate({ password: PASSWORD });
	expect(await row.executeTakeFirst()).toEqual({ provenAt });
});

test('of a session that ends at this moment nothing is left to prove', async () => {
	const user = await makeUser({ password: PASSWORD, provenAt });
	const { won, lost } = await race<object>(2, (index) =>
		index ? user.api.auth.logout() : user.api.account.reauthenticate({ password: PASSWORD })
	);
	expect(won).toHaveLength(2 - lost.length);
	expect(lost.every(({ reason }) => reason === 'unauthenticated')).toBe(true);
	expect(await db.selectFrom('session').where('id', '=', user.sessionId).select('id').execute()).toEqual([]);
});
