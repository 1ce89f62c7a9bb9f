import { describe, expect, test } from 'vitest';
import { makeKey, makeOrg, makeUser, newBrowser, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { hashPassword } from '../auth/password.ts';
import { db } from '../db.ts';

type Person = Awaited<ReturnType<typeof makeUser>>;

const givePassword = async ({ id }: Person) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({ passwordHash: await hashPassword(PASSWORD) })
		.execute();
const logIn = ({ email }: Person) => newBrowser().api.auth.login({ identifier: email, password: PASSWORD });
const namesIn = async ({ api }: Person, org: string) =>
	(await api.members.list({ org })).items.map(({ userId }) => userId);

describe('a deactivated account', () => {
	test('is signed out everywhere, and comes back by signing in', async () => {
		const person = await makeUser({ password: PASSWORD });
		const other = newBrowser();
		await other.api.auth.login({ identifier: person.email, password: PASSWORD });
		await person.api.account.deactivate();
		expect(await person.api.auth.session()).toBeNull();
		expect(await other.api.auth.session()).toBeNull();
		const { text } = await lastMail(person.email, /is deactivated/);
		expect(text).toContain('/login');

		const back = newBrowser();
		await back.api.auth.login({ identifier: person.email, password: PASSWORD });
		const { items } = await back.api.account.activity();
		const actions = items.map(({ action }) => action);
		expect(new Set(actions.slice(0, 2))).toEqual(new Set(['account.reactivated', 'session.started']));
		expect(actions[2]).toBe('account.deactivated');
	});

	test('is seen by nobody meanwhile, and as it was afterwards', async () => {
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [ada, bob] = members;
		await givePassword(ada);
		await ada.api.orgs.update({ org, name: 'Analytical Engines' });
		await ada.api.invitations.create({ org, email: `invited-${ada.email}`, role: 'member' });
		await ada.api.account.deactivate();

		expect(await namesIn(bob, org)).toEqual([bob.id]);
		expect((await bob.api.members.list({ org })).total).toBe(1);
		expect((await bob.api.members.list({ org, q: ada.email })).items).toEqual([]);
		const seen = [
			await bob.api.audit.list({ org }),
			await bob.api.usage.topUsers({ org }),
			await bob.api.invitations.list({ org }),
			await bob.api.apiKeys.list({ org })
		];
		expect(JSON.stringify(seen).replaceAll(`invited-${ada.email}`, '')).not.toContain(ada.email);
		expect((await bob.api.invitations.list({ org })).items).toMatchObject([
			{ status: 'inviter_gone', invitedBy: null }
		]);

		await logIn(ada);
		expect(await namesIn(bob, org)).toEqual([ada.id, bob.id]);
		expect((await bob.api.invitations.list({ org })).items).toMatchObject([{ status: 'pending' }]);
	});

	test('takes the keys along that it made, and brings them back', async () => {
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [ada, bob] = members;
		await givePassword(ada);
		const robot = await makeKey(ada, org);
		await robot.api.customers.list({ org });
		await ada.api.account.deactivate();
		await expect(robot.api.customers.list({ org })).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect((await bob.api.apiKeys.list({ org })).items).toMatchObject([{ status: 'maker_away', maker: null }]);
		await logIn(ada);
		expect(await robot.api.customers.list({ org })).toMatchObject({ items: [] });
	});

	test('is no admin whom others could leave an organization to', async () => {
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [ada, bob] = members;
		await ada.api.account.deactivate();
		await expect(bob.api.members.leave({ org })).rejects.toMatchObject({ reason: 'conflict' });
	});

	test('takes a proof of who one is', async () => {
		const { api } = await makeUser({ provenAt: new Date(Date.now() - 11 * 60 * 1000) });
		await expect(api.account.deactivate()).rejects.toMatchObject({ reason: 'step_up_required' });
		expect(await api.auth.session()).not.toBeNull();
	});

	test('of twenty at once was deactivated once', async () => {
		const { id, email, api } = await makeUser();
		const { won, lost } = await race(20, () => api.account.deactivate());
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'unauthenticated')).toBe(true);
		const events = await db.selectFrom('accountEvent').where('userId', '=', id).select('action').execute();
		expect(events).toEqual([{ action: 'account.deactivated' }]);
		const mails = await db.selectFrom('mail').where('to', '=', email).select('template').execute();
		expect(mails).toEqual([{ template: 'deactivated' }]);
	});

	test('that somebody signs in to at the same moment is either back or signed out', async () => {
		const person = await makeUser({ password: PASSWORD });
		await race<unknown>(20, (index) => (index === 7 ? person.api.account.deactivate() : logIn(person)));
		const { deactivatedAt } = await db
			.selectFrom('user')
			.where('id', '=', person.id)
			.select('deactivatedAt')
			.executeTakeFirstOrThrow();
		const sessions = await db.selectFrom('session').where('userId', '=', person.id).select('id').execute();
		expect(sessions.length > 0).toBe(deactivatedAt === null);
	});

	test('is not opened by a wrong password, and stays as it is', async () => {
		const person = await makeUser({ password: PASSWORD });
		await person.api.account.deactivate();
		const wrong = newBrowser().api.auth.login({ identifier: person.email, password: 'not my password' });
		await expect(wrong).rejects.toMatchObject({ reason: 'invalid_credentials' });
		const standing = db.selectFrom('user').where('id', '=', person.id).select('deactivatedAt');
		expect((await standing.executeTakeFirstOrThrow()).deactivatedAt).toBeInstanceOf(Date);
	});
});
