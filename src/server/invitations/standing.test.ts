import { describe, expect, test } from 'vitest';
import type { OrgRole } from '#lib/roles.ts';
import { logOf, makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { invited, nextToken } from '../../../tests/invited.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

type Invited = Awaited<ReturnType<typeof invited>>;

const rolesIn = (orgId: string, userId: string) =>
	db.selectFrom('membership').where('orgId', '=', orgId).where('userId', '=', userId).select('role').execute();
const setUser = (id: string, change: { sysAdmin?: boolean; suspendedAt?: Date }) =>
	db.updateTable('user').where('id', '=', id).set(change).execute();

describe('an inviter who', () => {
	const LOSSES: Record<string, (of: Invited) => Promise<unknown>> = {
		'lost the role': ({ org, admin, other }) =>
			other.api.members.setRole({ org: org.slug, userId: admin.id, role: 'member' }),
		'was removed': ({ org, admin, other }) => other.api.members.remove({ org: org.slug, userId: admin.id }),
		left: ({ org, admin }) => admin.api.members.leave({ org: org.slug }),
		'is suspended': ({ admin }) => setUser(admin.id, { suspendedAt: new Date() }),
		'is gone': ({ admin }) => db.deleteFrom('user').where('id', '=', admin.id).execute()
	};

	test.for(Object.entries(LOSSES))('%s brings nobody in, until somebody else sends it again', async ([, lose]) => {
		const person = await makeUser();
		const made = await invited(person.email);
		const { org, other, id, token } = made;
		await lose(made);
		expect(await person.api.invitations.mine()).toEqual([]);
		for (const attempt of [
			() => person.api.invitations.accept({ token }),
			() => person.api.invitations.acceptMine({ id })
		]) {
			await expect(attempt()).rejects.toMatchObject({
				reason: 'forbidden',
				message: expect.stringContaining('send it again') as string
			});
		}
		expect(await rolesIn(org.id, person.id)).toEqual([]);
		const { items } = await other.api.invitations.list({ org: org.slug });
		expect(items).toMatchObject([{ id, status: 'inviter_gone' }]);

		await other.api.invitations.resend({ org: org.slug, id });
		expect(await person.api.invitations.mine()).toMatchObject([{ id, invitedBy: other.email }]);
		await person.api.invitations.acceptMine({ id });
		expect(await rolesIn(org.id, person.id)).toEqual([{ role: 'member' }]);
	});

	test('lost the role brings in nobody new, either', async () => {
		const { org, admin, other, email, token } = await invited();
		await other.api.members.remove({ org: org.slug, userId: admin.id });
		const attempt = newBrowser().api.invitations.acceptAsNew({ token, password: PASSWORD });
		await expect(attempt).rejects.toMatchObject({ reason: 'forbidden' });
		expect(await db.selectFrom('user').where('email', '=', email).select('id').execute()).toEqual([]);
	});
});

describe('a sys_admin', () => {
	test('invites admins without being a member, as long as they are one', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const { slug, id } = await makeOrg('readonly');
		const [email, late] = [newEmail(), newEmail()];
		for (const to of [email, late]) await operator.api.admin.orgs.inviteAdmin({ org: slug, email: to });
		const { api } = newBrowser();
		await api.invitations.acceptAsNew({ token: await lastToken('invite', email), password: PASSWORD });
		expect(await api.orgs.list()).toMatchObject([{ slug, role: 'org_admin' }]);
		expect((await logOf(id))[0]).toMatchObject({ action: 'invitation.created', actorId: operator.id });

		await setUser(operator.id, { sysAdmin: false });
		expect((await api.invitations.list({ org: slug })).items).toMatchObject([{ status: 'inviter_gone' }]);
		const attempt = newBrowser().api.invitations.acceptAsNew({
			token: await lastToken('invite', late),
			password: PASSWORD
		});
		await expect(attempt).rejects.toMatchObject({ reason: 'forbidden' });
	});

	test('raises who is a member, or was invited to less', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const person = await makeUser();
		const { org, admin, id } = await invited(person.email, 'readonly');
		const [reader] = (await makeOrg('readonly')).members;
		await db.insertInto('membership').values({ orgId: org.id, userId: reader.id, role: 'readonly' }).execute();
		const inviteAdmin = ({ email }: { email: string }) => operator.api.admin.orgs.inviteAdmin({ org: org.slug, email });
		expect(await inviteAdmin(person)).toMatchObject({ id });
		const { id: raising } = await inviteAdmin(reader);
		expect(await admin.api.invitations.list({ org: org.slug })).toMatchObject({ total: 2 });
		await person.api.invitations.acceptMine({ id });
		await reader.api.invitations.acceptMine({ id: raising });
		for (const { id } of [person, reader]) expect(await rolesIn(org.id, id)).toEqual([{ role: 'org_admin' }]);
	});
});

test.for<[OrgRole, OrgRole]>([
	['org_admin', 'readonly'],
	['readonly', 'org_admin']
])('a member as %s who accepts as %s stays what they are', async ([before, role]) => {
	const person = await makeUser();
	const { org, id, token } = await invited(person.email, role);
	await db.insertInto('membership').values({ orgId: org.id, userId: person.id, role: before }).execute();
	expect(await person.api.invitations.accept({ token })).toMatchObject({ org: { slug: org.slug } });
	expect(await rolesIn(org.id, person.id)).toEqual([{ role: before }]);
	await expect(person.api.invitations.accept({ token })).rejects.toMatchObject({ reason: 'not_found' });
	await expect(person.api.invitations.acceptMine({ id })).rejects.toMatchObject({ reason: 'not_found' });
});

describe('at once', () => {
	test('twenty accepts make one member, and the others find nothing', async () => {
		const person = await makeUser();
		const { org, id, token } = await invited(person.email);
		const { won, lost } = await race(20, (index) =>
			index % 2 ? person.api.invitations.accept({ token }) : person.api.invitations.acceptMine({ id })
		);
		expect(won).toHaveLength(1);
		expect(lost.map(({ reason }) => reason)).toEqual(Array(19).fill('not_found'));
		expect(await rolesIn(org.id, person.id)).toHaveLength(1);
		expect((await logOf(org.id)).filter(({ action }) => action === 'invitation.accepted')).toHaveLength(1);
	});

	test('twenty new persons by one link are one', async () => {
		const { email, token } = await invited();
		const { won, lost } = await race(20, () => newBrowser().api.invitations.acceptAsNew({ token, password: PASSWORD }));
		expect(won).toHaveLength(1);
		expect(lost.map(({ reason }) => reason)).toEqual(Array(19).fill('not_found'));
		expect(await db.selectFrom('user').where('email', '=', email).select('id').execute()).toHaveLength(1);
	});

	test('invitations of two organizations for one new address make one account, and the other waits', async () => {
		const email = newEmail();
		const { token } = await invited(email);
		await invited(email);
		const tokens = [token, await nextToken(email, token)];
		const { won, lost } = await race(2, (index) =>
			newBrowser().api.invitations.acceptAsNew({ token: tokens[index]!, password: PASSWORD })
		);
		expect([won.length, lost]).toMatchObject([1, [{ reason: 'conflict' }]]);
	});

	const CLASHES: Record<string, (of: Invited) => Promise<unknown>> = {
		revoke: ({ org, other, id }) => other.api.invitations.revoke({ org: org.slug, id }),
		decline: ({ token }) => newBrowser().api.invitations.decline({ token }),
		resend: ({ org, other, id }) => other.api.invitations.resend({ org: org.slug, id })
	};

	test.for(Object.entries(CLASHES))('accepting and to %s: one wins, twenty times', async ([, clash]) => {
		for (let round = 0; round < 20; round++) {
			const person = await makeUser();
			const made = await invited(person.email);
			const { won, lost } = await race(2, async (index): Promise<unknown> => {
				return index ? clash(made) : person.api.invitations.accept({ token: made.token }).then(() => 'accepted');
			});
			expect([won.length, lost]).toMatchObject([1, [{ reason: 'not_found' }]]);
			expect(await rolesIn(made.org.id, person.id)).toHaveLength(won[0] === 'accepted' ? 1 : 0);
		}
	});

	test('accepting and demoting the inviter, or deleting the organization, end cleanly, twenty times', async () => {
		for (let round = 0; round < 20; round++) {
			const person = await makeUser();
			const { org, admin, other, token } = await invited(person.email);
			const { won, lost } = await race(3, async (index): Promise<unknown> => {
				if (index === 0) return person.api.invitations.accept({ token }).then(() => 'accepted');
				if (index === 1) return other.api.members.setRole({ org: org.slug, userId: admin.id, role: 'readonly' });
				return round % 2 ? other.api.orgs.delete({ org: org.slug, confirm: org.slug }) : undefined;
			});
			const reason = expect.stringMatching(/^(not_found|forbidden)$/) as string;
			for (const error of lost) expect(error).toMatchObject({ reason });
			if (round % 2) continue;
			expect(await rolesIn(org.id, person.id)).toHaveLength(won.includes('accepted') ? 1 : 0);
		}
	});
});
