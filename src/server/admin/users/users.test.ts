import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
	makeKey,
	makeOrg,
	makeUser,
	newBrowser,
	newEmail,
	PASSWORD,
	race,
	signedUp
} from '../../../../tests/fixtures.ts';
import { lastToken } from '../../../../tests/mailbox.ts';
import { db } from '../../db.ts';
import { accessTable } from '../../router.ts';
import { settings } from '../../settings.ts';

const operator = await makeUser({ sysAdmin: true });
const { users } = operator.api.admin;

const loggedOf = async (userId: string) => (await operator.api.admin.log.list({ targetId: userId })).items;
const actionsOf = async (userId: string) => (await loggedOf(userId)).map(({ action }) => action);
const eventsOf = async (userId: string) => (await users.activity({ userId })).items;
const logIn = (email: string, password = PASSWORD) => newBrowser().api.auth.login({ identifier: email, password });

describe('a person', () => {
	test('is shown with what they are, have and did', async () => {
		const { slug, name, members } = await makeOrg('org_admin');
		const [ada] = members;
		await ada.api.account.update({ firstName: 'Ada', lastName: 'Lovelace', timeZone: 'Europe/London' });
		const key = await makeKey(ada, slug);
		await db
			.insertInto('identity')
			.values({ provider: 'google', subject: randomUUID(), userId: ada.id, email: 'ada@gmail.example' })
			.execute();
		const found = await users.get({ userId: ada.id });
		expect(found).toMatchObject({
			id: ada.id,
			email: ada.email,
			name: 'Ada Lovelace',
			timeZone: 'Europe/London',
			verified: true,
			hasPassword: false,
			sysAdmin: false,
			standing: 'active',
			suspension: null,
			deactivatedAt: null,
			orgs: [{ slug, name, role: 'org_admin', isSuspended: false }],
			sessions: [{ ip: '', device: '' }],
			connections: [{ provider: 'google', email: 'ada@gmail.example' }],
			keys: [{ id: key.id, name: 'Robot', slug, isLive: true }]
		});
		expect(await eventsOf(ada.id)).toMatchObject([{ action: 'profile.updated', ip: '192.0.2.1', device: 'Vitest' }]);
		for (const secret of [ada.sessionId, ada.cookies.get('session_id')!, key.key])
			expect(JSON.stringify(found)).not.toContain(secret);
	});

	test('whom there is not is not found, and what is no id is refused', async () => {
		const userId = randomUUID();
		const calls = [
			() => users.get({ userId }),
			() => users.verify({ userId }),
			() => users.suspend({ userId, reason: 'Why not' }),
			() => users.activate({ userId }),
			() => users.endSessions({ userId }),
			() => users.sendReset({ userId }),
			() => users.setSysAdmin({ userId, value: true })
		];
		for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: 'not_found' });
		expect(await loggedOf(userId)).toEqual([]);
		await expect(users.get({ userId: 'ada' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});
});

describe('an account that is made', () => {
	test('is its person’s once they set a password by the link, and verified then', async () => {
		const email = newEmail('made');
		const { id } = await users.create({ email: ` ${email.toUpperCase()} `, firstName: 'Ada', lastName: 'Byron' });
		expect(await users.get({ userId: id })).toMatchObject({ email, name: 'Ada Byron', verified: false });
		expect(await actionsOf(id)).toEqual(['user.created']);
		await newBrowser().api.password.reset({ token: await lastToken('reset', email), password: PASSWORD });
		expect(await users.get({ userId: id })).toMatchObject({ verified: true, hasPassword: true });
		expect(await logIn(email)).toMatchObject({ status: 'signed_in' });
		for (const { ip, device } of (await eventsOf(id)).filter(({ action }) => action === 'account.created'))
			expect([ip, device], 'an operator’s own').toEqual(['', '']);
	});

	test('has an organization of its own where everybody has one', async () => {
		const { api } = await makeUser({ sysAdmin: true }, { ...settings, mode: 'b2b' });
		const [own, none] = [
			await users.create({ email: newEmail() }),
			await api.admin.users.create({ email: newEmail() })
		];
		expect((await users.get({ userId: own.id })).orgs).toMatchObject([{ role: 'org_admin' }]);
		expect((await users.get({ userId: none.id })).orgs).toEqual([]);
	});

	test('takes the place of what others began with its address and never verified', async () => {
		const waiting = await signedUp();
		const token = await lastToken('verify', waiting.email);
		await users.create({ email: waiting.email });
		await expect(waiting.api.auth.verifyEmail({ token })).rejects.toMatchObject({ reason: 'not_found' });
		await expect(logIn(waiting.email)).rejects.toMatchObject({ reason: 'invalid_credentials' });
	});

	test('cannot have the address of another one: nothing is written then', async () => {
		const { id, email } = await makeUser();
		const attempt = users.create({ email, firstName: 'Impostor' });
		await expect(attempt).rejects.toMatchObject({ reason: 'conflict', fields: { email: [expect.any(String)] } });
		expect(await db.selectFrom('mail').where('to', '=', email).select('id').execute()).toEqual([]);
		expect((await users.list({ q: email })).items).toMatchObject([{ name: email }]);
		expect(await loggedOf(id)).toEqual([]);
	});

	test('of twenty at once is made once', async () => {
		const email = newEmail();
		const { won, lost } = await race(20, () => users.create({ email }));
		expect([won.length, ...new Set(lost.map(({ reason }) => reason))]).toEqual([1, 'conflict']);
		expect(await actionsOf(won[0]!.id)).toEqual(['user.created']);
		const mails = await db.selectFrom('mail').where('to', '=', email).select('template').execute();
		expect(mails).toEqual([{ template: 'account_created' }]);
	});

	test('is verified by hand as well, which is written down once', async () => {
		const { id } = await users.create({ email: newEmail() });
		await race(20, () => users.verify({ userId: id }));
		expect(await users.get({ userId: id })).toMatchObject({ verified: true });
		expect(await actionsOf(id)).toEqual(['user.verified', 'user.created']);
	});
});

test('sessions end everywhere with the next call, and only those that went on are counted', async () => {
	const person = await makeUser({ password: PASSWORD });
	const other = newBrowser();
	await other.api.auth.login({ identifier: person.email, password: PASSWORD });
	await db
		.updateTable('session')
		.where('id', '=', person.sessionId)
		.set({ expiresAt: new Date(Date.now() - 1000) })
		.execute();
	const neighbor = await makeUser();
	expect(await users.endSessions({ userId: person.id })).toEqual({ ended: 1 });
	expect(await other.api.auth.session()).toBeNull();
	expect(await neighbor.api.auth.session()).not.toBeNull();
	expect(await users.endSessions({ userId: person.id })).toEqual({ ended: 0 });
	expect(await loggedOf(person.id)).toMatchObject([{ action: 'user.sessions_ended', details: { count: 1 } }]);
	expect(await eventsOf(person.id)).toMatchObject([
		{ action: 'session.ended', details: { reason: 'service', count: 1 }, ip: '', device: '' },
		{ action: 'session.started' }
	]);
});

test.for(['suspend', 'endSessions', 'setSysAdmin'] as const)('%s takes a proof of who one is', async (name) => {
	const { api } = await makeUser({ sysAdmin: true, provenAt: new Date(Date.now() - 11 * 60 * 1000) });
	const { id } = await makeUser();
	const call = api.admin.users[name] as (input: object) => Promise<unknown>;
	await expect(call({ userId: id, reason: 'Why not', value: true })).rejects.toMatchObject({
		reason: 'step_up_required'
	});
	expect(await users.get({ userId: id })).toMatchObject({ standing: 'active', sysAdmin: false, sessions: [{}] });
});

test('the people of the service are nobody else’s to see or change', async () => {
	const { slug, members } = await makeOrg('org_admin', 'member');
	const robot = await makeKey(members[0], slug);
	const victim = await makeUser();
	const input = { userId: victim.id, reason: 'Why not', value: true, email: newEmail() };
	const names = accessTable().flatMap(({ path }) => /^admin\.users\.(.+)/.exec(path)?.[1] ?? []);
	const refusals: string[] = [];
	for (const { api } of [newBrowser(), ...members, robot]) {
		const calls = api.admin.users as unknown as Record<string, (input: object) => Promise<unknown>>;
		for (const name of names) {
			await calls[name]!(input).catch(({ reason }: { reason: string }) => refusals.push(reason));
		}
	}
	expect(refusals).toHaveLength(4 * names.length);
	expect(new Set(refusals)).toEqual(new Set(['unauthenticated', 'forbidden']));
	expect(await loggedOf(victim.id)).toEqual([]);
});
