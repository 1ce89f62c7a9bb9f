import { describe, expect, test } from 'vitest';
import { makeKey, makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../../tests/fixtures.ts';
import type { SignedIn } from '../../auth/actor.ts';
import { db } from '../../db.ts';
import { activatePerson } from './service.ts';

const operator = await makeUser({ sysAdmin: true });
const { users } = operator.api.admin;

const loggedOf = async (userId: string) => (await operator.api.admin.log.list({ targetId: userId })).items;
const logIn = (email: string) => newBrowser().api.auth.login({ identifier: email, password: PASSWORD });
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** As if the end of a suspension had come. */
const lapse = (userId: string) =>
	db
		.updateTable('user')
		.where('id', '=', userId)
		.set({ suspendedUntil: new Date(Date.now() - 1) })
		.execute();

type Api = ReturnType<typeof newBrowser>['api'];
const refusalOf = (call: Promise<unknown>) =>
	call.then(
		() => null,
		({ reason }: { reason: string }) => reason
	);
const knock = ({ auth }: Api) => refusalOf(auth.me());

describe('a suspension', () => {
	test('shuts out with the next call, and lets in again once it is lifted', async () => {
		const person = await makeUser({ password: PASSWORD });
		await users.suspend({ userId: person.id, reason: 'Sent spam to the Joneses' });
		const refused = await person.api.auth.me().catch((error: Error) => error);
		expect(refused).toMatchObject({ reason: 'suspended', message: expect.not.stringContaining('spam') as string });
		await expect(logIn(person.email)).rejects.toMatchObject({ reason: 'suspended' });
		expect(await users.get({ userId: person.id })).toMatchObject({
			standing: 'suspended',
			suspension: { at: expect.any(Date) as Date, until: null, reason: 'Sent spam to the Joneses' }
		});
		await users.activate({ userId: person.id });
		expect(await knock(person.api)).toBeNull();
		expect(await logIn(person.email)).toMatchObject({ status: 'signed_in' });
		expect(await users.get({ userId: person.id })).toMatchObject({ standing: 'active', suspension: null });
		expect((await loggedOf(person.id)).map(({ action, details }) => [action, details])).toEqual([
			['user.activated', {}],
			['user.suspended', { reason: 'Sent spam to the Joneses', until: null }]
		]);
		const { items } = await person.api.account.activity();
		expect(JSON.stringify(items)).not.toContain('spam');
		const where = items.filter(({ action }) => action.startsWith('account.')).map(({ ip, device }) => ip + device);
		expect(where, 'an operator’s own').toEqual(['', '']);
	});

	test('lifts by itself at its end, for sessions, sign-ins, keys, links and invitations alike', async () => {
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [ada, bob] = members;
		const robot = await makeKey(ada, org);
		await ada.api.invitations.create({ org, email: newEmail(), role: 'member' });
		await users.sendReset({ userId: ada.id });
		const standing = async () => [
			await knock(ada.api),
			await refusalOf(robot.api.customers.list({ org })),
			(await bob.api.apiKeys.list({ org })).items[0]!.status,
			(await bob.api.invitations.list({ org })).items[0]!.status,
			await refusalOf(bob.api.members.leave({ org })),
			(await users.get({ userId: ada.id })).keys[0]!.isLive
		];
		await users.suspend({ userId: ada.id, reason: 'For an hour', until: inAnHour() });
		expect(await standing()).toEqual([
			'suspended',
			'unauthenticated',
			'maker_suspended',
			'inviter_gone',
			'conflict',
			false
		]);
		await lapse(ada.id);
		expect(await standing()).toEqual([null, null, 'live', 'pending', null, true]);
		expect(await users.get({ userId: ada.id })).toMatchObject({ standing: 'active', suspension: null });
	});

	test('that goes on gets another reason and end, and begins anew once it is over', async () => {
		const { id: userId } = await makeUser();
		const suspension = async () => (await users.get({ userId })).suspension!;
		await users.suspend({ userId, reason: 'One', until: inAnHour() });
		const { at } = await suspension();
		await users.suspend({ userId, reason: 'Two' });
		expect(await suspension()).toEqual({ at, reason: 'Two', until: null });
		await lapse(userId);
		await users.suspend({ userId, reason: 'Three', until: inAnHour() });
		expect(await suspension()).toMatchObject({ reason: 'Three', until: expect.any(Date) as Date });
		expect((await suspension()).at).not.toEqual(at);
	});

	test.for([
		{ until: new Date().toISOString() },
		{ until: '2020-01-01T00:00:00Z' },
		{ until: 'tomorrow' },
		{ reason: '' },
		{ reason: ' ' },
		{ reason: undefined },
		{ reason: 'x'.repeat(1001) }
	])('is refused with %j', async (wrong) => {
		const { id: userId, api } = await makeUser();
		const attempt = users.suspend({ userId, reason: 'Why not', ...wrong } as never);
		await expect(attempt).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(await knock(api)).toBeNull();
	});

	test('of twenty lifted at once is lifted once', async () => {
		const { id: userId } = await makeUser();
		await users.suspend({ userId, reason: 'Why not' });
		expect((await race(20, () => users.activate({ userId }))).lost).toEqual([]);
		expect((await loggedOf(userId)).map(({ action }) => action)).toEqual(['user.activated', 'user.suspended']);
	});
});

describe('a system admin', () => {
	test('is made and unmade by another one, from the next call on', async () => {
		const person = await makeUser();
		const ask = () => refusalOf(person.api.admin.users.list());
		expect(await ask()).toBe('forbidden');
		expect(await users.setSysAdmin({ userId: person.id, value: true })).toEqual({ userId: person.id, sysAdmin: true });
		expect(await ask()).toBeNull();
		await users.setSysAdmin({ userId: person.id, value: false });
		await users.setSysAdmin({ userId: person.id, value: false });
		expect(await ask()).toBe('forbidden');
		expect((await loggedOf(person.id)).map(({ action, details }) => [action, details])).toEqual([
			['user.sys_admin_changed', { before: true, after: false }],
			['user.sys_admin_changed', { before: false, after: true }]
		]);
	});

	test('cannot do it to themselves, nor suspend themselves', async () => {
		const { id: userId, api } = await makeUser({ sysAdmin: true });
		const attempts = [
			() => api.admin.users.setSysAdmin({ userId, value: false }),
			() => api.admin.users.setSysAdmin({ userId: userId.toUpperCase(), value: false }),
			() => api.admin.users.suspend({ userId, reason: 'Holidays' })
		];
		for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ reason: 'conflict' });
		expect(await users.get({ userId })).toMatchObject({ sysAdmin: true, standing: 'active' });
	});

	test('who is suspended at this moment lifts no suspension, their own least of all', async () => {
		const rogue = await makeUser({ sysAdmin: true });
		const friend = await makeUser({ suspendedAt: new Date() });
		const late = (await rogue.actor()) as SignedIn;
		await race<unknown>(20, (index) =>
			index === 10
				? users.suspend({ userId: rogue.id, reason: 'Race' })
				: rogue.api.admin.users.activate({ userId: rogue.id })
		);
		await expect(activatePerson(late, rogue.id)).rejects.toMatchObject({ reason: 'conflict' });
		await expect(activatePerson(late, friend.id)).rejects.toMatchObject({ reason: 'forbidden' });
		for (const userId of [rogue.id, friend.id])
			expect(await users.get({ userId })).toMatchObject({ standing: 'suspended' });
	});

	test('who is unmade at this moment unmakes and suspends nobody any more', async () => {
		const ring = await Promise.all(Array.from({ length: 20 }, () => makeUser({ sysAdmin: true })));
		const next = (index: number) => ring[(index + 1) % ring.length]!.id;
		const { lost } = await race<unknown>(20, (index) => {
			const { admin } = ring[index]!.api;
			const userId = next(index);
			return index % 2
				? admin.users.setSysAdmin({ userId, value: false })
				: admin.users.suspend({ userId, reason: 'Race' });
		});
		const left = await Promise.all(ring.map(async ({ id }) => users.get({ userId: id })));
		const acting = left.filter(({ sysAdmin, standing }) => sysAdmin && standing === 'active');
		expect(acting.length).toBe(lost.length);
		expect(acting.length).toBeGreaterThanOrEqual(1);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['forbidden']));
	});
});
