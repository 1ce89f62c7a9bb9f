import { describe, expect, test } from 'vitest';
import { logOf, makeKey, makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../../tests/fixtures.ts';
import { lastToken } from '../../../../tests/mailbox.ts';

const reason = 'Unpaid for three months';

async function suspended() {
	const operator = await makeUser({ sysAdmin: true });
	const { id, slug: org, members } = await makeOrg('org_admin', 'member');
	const [admin, member] = members;
	const robot = await makeKey(admin, org);
	const invited = await makeUser();
	const stranger = newEmail();
	await admin.api.invitations.create({ org, email: invited.email, role: 'member' });
	await admin.api.invitations.create({ org, email: stranger, role: 'member' });
	await operator.api.admin.orgs.suspend({ org, reason });
	return { operator, id, org, admin, member, robot, invited, stranger };
}

describe('a suspended organization', () => {
	test('opens for none of its people, who keep their accounts, and its keys are dead', async () => {
		const { org, admin, member, robot } = await suspended();
		for (const { api } of [admin, member]) {
			await expect(api.customers.list({ org })).rejects.toMatchObject({ reason: 'suspended' });
			await expect(api.members.leave({ org })).rejects.toMatchObject({ reason: 'suspended' });
			expect(await api.orgs.list()).toMatchObject([{ slug: org }]);
			await api.todos.create({ title: 'Ask support' });
		}
		await expect(admin.api.orgs.delete({ org, confirm: org })).rejects.toMatchObject({ reason: 'suspended' });
		await expect(robot.api.customers.list({ org })).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect(await admin.api.orgs.create({ name: 'Another' })).toMatchObject({ name: 'Another' });
	});

	test('takes nobody in, by whatever way, and an invitation is good for later', async () => {
		const { operator, org, admin, invited, stranger } = await suspended();
		const token = await lastToken('invite', invited.email);
		expect(await invited.api.invitations.mine()).toEqual([]);
		await expect(invited.api.invitations.accept({ token })).rejects.toMatchObject({ reason: 'suspended' });
		const asNew = { token: await lastToken('invite', stranger), password: PASSWORD };
		const { api } = newBrowser();
		await expect(api.invitations.acceptAsNew(asNew)).rejects.toMatchObject({ reason: 'suspended' });
		await operator.api.admin.orgs.activate({ org });
		expect(await invited.api.invitations.mine()).toHaveLength(1);
		await invited.api.invitations.accept({ token });
		await api.invitations.acceptAsNew(asNew);
		expect((await admin.api.members.list({ org })).total).toBe(4);
	});

	test('is open again for all of them once that is lifted', async () => {
		const { operator, id, org, member, robot } = await suspended();
		expect(await operator.api.admin.orgs.get({ org })).toMatchObject({ suspensionReason: reason });
		expect(await operator.api.admin.orgs.activate({ org })).toEqual({ status: 'open' });
		expect(await operator.api.admin.orgs.get({ org })).toMatchObject({ suspendedAt: null, suspensionReason: null });
		await member.api.customers.list({ org });
		await robot.api.customers.list({ org });
		const log = (await logOf(id)).filter(({ action }) => action.startsWith('org.'));
		const actorId = operator.id;
		expect(log).toMatchObject([
			{ action: 'org.suspended', actorId, details: {} },
			{ action: 'org.activated', actorId }
		]);
		const { items } = await operator.api.admin.log.list({ targetId: id });
		expect(items).toMatchObject([{ action: 'org.activated' }, { action: 'org.suspended', details: { reason } }]);
	});

	test('of twenty at once was suspended once, and opened once', async () => {
		const { api } = await makeUser({ sysAdmin: true });
		const { id, slug: org } = await makeOrg('org_admin');
		for (const act of [() => api.admin.orgs.suspend({ org, reason }), () => api.admin.orgs.activate({ org })]) {
			expect((await race<unknown>(20, act)).won).toHaveLength(20);
		}
		expect(await logOf(id)).toHaveLength(2);
	});

	test('has another reason when it gets one, and was suspended when it was', async () => {
		const { operator, org } = await suspended();
		const { suspendedAt } = await operator.api.admin.orgs.get({ org });
		await operator.api.admin.orgs.suspend({ org, reason: 'A court says so' });
		const found = await operator.api.admin.orgs.get({ org });
		expect(found).toMatchObject({ suspendedAt, suspensionReason: 'A court says so' });
	});

	test('takes nobody in who accepts at the moment that it is suspended, or took them in before', async () => {
		const { api } = await makeUser({ sysAdmin: true });
		const { slug: org, members } = await makeOrg('org_admin');
		const people = await Promise.all(Array.from({ length: 9 }, () => makeUser()));
		const tokens: string[] = [];
		for (const { email } of people) {
			await members[0].api.invitations.create({ org, email, role: 'member' });
			tokens.push(await lastToken('invite', email));
		}
		const { won, lost } = await race<unknown>(10, (index) =>
			index === 5
				? api.admin.orgs.suspend({ org, reason })
				: people[index % 9]!.api.invitations.accept({ token: tokens[index % 9]! })
		);
		expect(lost.every(({ reason }) => ['suspended', 'not_found'].includes(reason!))).toBe(true);
		const { members: count } = await api.admin.orgs.get({ org });
		expect(count).toBe(won.length);
	});

	test('takes a fresh proof and a reason to be', async () => {
		const { slug: org } = await makeOrg('org_admin');
		const stale = await makeUser({ sysAdmin: true, provenAt: new Date(Date.now() - 11 * 60_000) });
		await expect(stale.api.admin.orgs.suspend({ org, reason })).rejects.toMatchObject({ reason: 'step_up_required' });
		const { api } = await makeUser({ sysAdmin: true });
		await expect(api.admin.orgs.suspend({ org, reason: ' ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(await api.admin.orgs.get({ org })).toMatchObject({ suspendedAt: null });
	});
});
