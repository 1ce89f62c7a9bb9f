import { describe, expect, test } from 'vitest';
import {
	logOf,
	makeOrg,
	makeUser,
	newBrowser,
	newEmail,
	newSlug,
	PASSWORD,
	race,
	signedUp
} from '../../../tests/fixtures.ts';
import { lastMail, lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

const founded = (userId: string) => db.selectFrom('org').where('createdBy', '=', userId).select('id').execute();
const roleIn = (orgId: string) =>
	db.selectFrom('membership').where('orgId', '=', orgId).select(['userId', 'role']).execute();

describe('founding', () => {
	test('makes the founder its admin, and is written into its log', async () => {
		const { api, id } = await makeUser();
		const slug = newSlug();
		const org = await api.orgs.create({ name: ' Café Zoë ', slug });
		expect(org).toEqual({ id: expect.any(String) as string, slug, name: 'Café Zoë' });
		expect(await api.orgs.list()).toEqual([{ slug, name: 'Café Zoë', role: 'org_admin' }]);
		expect(await api.orgs.get({ org: slug })).toMatchObject({ slug, role: 'org_admin' });
		expect(await logOf(org.id)).toEqual([
			{ action: 'org.created', actorKind: 'user', actorId: id, targetId: org.id, target: 'Café Zoë', details: {} }
		]);
	});

	test('without a slug makes one of the name, and another one where that is taken', async () => {
		const { api } = await makeUser();
		const name = `Zoë ${newSlug()}`;
		const plain = name.toLowerCase().replace('ë', 'e').replace(' ', '-').slice(0, 34);
		expect(await api.orgs.create({ name })).toMatchObject({ slug: plain });
		const second = await api.orgs.create({ name });
		expect(second.slug).toMatch(new RegExp(`^${plain}-[a-z0-9]{4}$`));
	});

	test('at sign-up is the doing of the person who signed up, even in a browser of somebody else', async () => {
		const { email } = await signedUp(newEmail(), { firstName: 'evil.com', lastName: 'Ada' });
		const other = await makeUser();
		await other.api.auth.verifyEmail({ token: await lastToken('verify', email), password: PASSWORD });
		const { api } = newBrowser();
		await api.auth.login({ identifier: email, password: PASSWORD });
		const { user, orgs } = await api.auth.me();
		expect(orgs).toMatchObject([{ name: 'evil com Ada' }]);
		const { id } = await api.orgs.get({ org: orgs[0]!.slug });
		expect(await logOf(id)).toMatchObject([{ action: 'org.created', actorId: user.id }]);
	});

	test.for([
		'',
		' ',
		'\u200d',
		'x'.repeat(81),
		'line\nbreak',
		'turned\u202eround',
		'evil.com',
		'Visit http://x',
		'Call 1-888-555-0199',
		5
	])('refuses %j as a name', async (name) => {
		const { api, id } = await makeUser();
		await expect(api.orgs.create({ name: name as string })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(await founded(id)).toEqual([]);
	});

	test.for(['a', 'Acme', 'a_b', 'a b', ' ab', 'ab\n', 'x'.repeat(41), 'new', 'admin', 'api', ''])(
		'refuses %j as a slug',
		async (slug) => {
			const { api, id } = await makeUser();
			await expect(api.orgs.create({ name: 'Acme', slug })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
			expect(await founded(id)).toEqual([]);
		}
	);

	test('of twenty people who want one slug at once, one gets it', async () => {
		const slug = newSlug();
		const people = await Promise.all(Array.from({ length: 20 }, () => makeUser()));
		const { won, lost } = await race(20, (index) => people[index]!.api.orgs.create({ name: 'Acme', slug }));
		expect(won).toMatchObject([{ slug }]);
		expect(lost).toHaveLength(19);
		for (const refused of lost) expect(refused).toMatchObject({ reason: 'conflict', fields: { slug: [/taken/] } });
	});

	test('of twenty at once ten succeed, that of sign-up included, and one that is deleted makes room', async () => {
		const { api, email } = await signedUp();
		await api.auth.verifyEmail({ token: await lastToken('verify', email) });
		const { user } = await api.auth.me();
		const { won, lost } = await race(20, () => api.orgs.create({ name: 'Acme' }));
		expect(won).toHaveLength(9);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['quota_exceeded']));
		expect(await founded(user.id)).toHaveLength(10);
		await api.orgs.delete({ org: won[0]!.slug, confirm: won[0]!.slug });
		await api.orgs.create({ name: 'Acme' });
		await expect(api.orgs.create({ name: 'Acme' })).rejects.toMatchObject({ code: 'PAYMENT_REQUIRED' });
	});
});

describe('in b2b mode', () => {
	const b2b = { mode: 'b2b' } as const;

	test('only a sys_admin founds, whatever the input', async () => {
		const { api } = await makeUser({}, b2b);
		for (const input of [{ name: 'Acme', adminEmail: newEmail() }, { name: '' }]) {
			await expect(api.orgs.create(input)).rejects.toMatchObject({ reason: 'forbidden' });
		}
	});

	test('a sys_admin names the first admin, who is invited by mail', async () => {
		const { api, id } = await makeUser({ sysAdmin: true }, b2b);
		await expect(api.orgs.create({ name: 'Acme' })).rejects.toMatchObject({
			reason: 'invalid',
			fields: { adminEmail: [expect.any(String)] }
		});
		const adminEmail = newEmail();
		const org = await api.orgs.create({ name: 'Acme', adminEmail });
		expect((await lastMail(adminEmail)).text).toContain('/invite/');
		expect(await roleIn(org.id)).toEqual([]);
		expect(await founded(id)).toEqual([]);
		const invited = db.selectFrom('invitation').where('orgId', '=', org.id).select(['email', 'role', 'byService']);
		expect(await invited.execute()).toEqual([{ email: adminEmail, role: 'org_admin', byService: true }]);
		expect((await logOf(org.id)).map(({ action }) => action).sort()).toEqual(['invitation.created', 'org.created']);
	});
});

describe('a sys_admin', () => {
	test('founds for others in either mode, beyond any quota', async () => {
		const { api } = await makeUser({ sysAdmin: true });
		const adminEmail = newEmail();
		const { slug } = await api.admin.orgs.create({ name: 'Acme', slug: newSlug(), adminEmail });
		expect((await lastMail(adminEmail)).text).toContain('/invite/');
		await expect(api.orgs.get({ org: slug })).rejects.toMatchObject({ reason: 'not_found' });
		await expect(api.admin.orgs.create({ name: 'Acme', slug, adminEmail })).rejects.toMatchObject({
			reason: 'conflict'
		});
		for (let count = 0; count < 11; count++) await api.admin.orgs.create({ name: 'Acme', adminEmail: newEmail() });
		expect(await api.orgs.list()).toEqual([]);
	});

	test('invites an admin into any organization', async () => {
		const { api } = await makeUser({ sysAdmin: true });
		const org = await makeOrg('readonly');
		const email = newEmail();
		expect(await api.admin.orgs.inviteAdmin({ org: org.slug, email })).toMatchObject({
			id: expect.any(String) as string,
			expiresAt: expect.any(Date) as Date
		});
		expect((await lastMail(email)).text).toContain('/invite/');
		await expect(api.admin.orgs.inviteAdmin({ org: newSlug(), email })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('nobody else does', async () => {
		const { slug, members } = await makeOrg('org_admin');
		const { orgs } = members[0].api.admin;
		await expect(orgs.inviteAdmin({ org: slug, email: newEmail() })).rejects.toMatchObject({ reason: 'forbidden' });
		await expect(orgs.create({ name: 'Acme', adminEmail: newEmail() })).rejects.toMatchObject({ reason: 'forbidden' });
	});
});
