import { describe, expect, test } from 'vitest';
import { arrived, departed, isThere, letTimePass } from '../../../tests/departed.ts';
import { logOf, makeKey, makeOrg, newBrowser, newEmail } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';
import { erase } from './service.ts';

const orgOf = ({ org }: { org: string }) =>
	db.selectFrom('org').where('slug', '=', org).select('id').executeTakeFirstOrThrow();

async function leave(person: Parameters<typeof departed>[0]): Promise<void> {
	await departed(person);
	await letTimePass(person.id);
}

describe('erasing a person', () => {
	test('takes along an organization that one is alone in, and leaves one with others as it is', async () => {
		const ada = await arrived();
		const { id: orgId, slug, members } = await makeOrg('org_admin', 'member');
		const [bob] = members;
		await db.insertInto('membership').values({ orgId, userId: ada.id, role: 'org_admin' }).execute();
		const robot = await makeKey(ada as never, slug);
		const own = await orgOf(ada);
		await leave(ada);
		await erase(ada.id);
		expect(await db.selectFrom('org').where('id', '=', own.id).select('id').execute()).toEqual([]);
		const ownLog = await logOf(own.id);
		expect(ownLog.at(-1)).toMatchObject({ action: 'org.deleted', actorId: ada.id, target: null });
		expect(ownLog.every(({ target, details }) => target === null && JSON.stringify(details) === '{}')).toBe(true);
		expect((await bob.api.members.list({ org: slug })).total).toBe(2);
		expect((await bob.api.apiKeys.list({ org: slug })).items).toMatchObject([{ revokedAt: expect.any(Date) as Date }]);
		await expect(robot.api.customers.list({ org: slug })).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect((await logOf(orgId)).at(-1)).toMatchObject({ action: 'member.left', actorId: ada.id, targetId: ada.id });
	});

	test('takes the name of an organization that was one’s own, also where one deleted it before', async () => {
		const ada = await arrived();
		const { id: orgId, members, slug } = await makeOrg('org_admin', 'org_admin');
		await db.insertInto('membership').values({ orgId, userId: ada.id, role: 'org_admin' }).execute();
		for (const { api } of [members[0], ada]) await api.customers.create({ org: slug, name: 'Ann', email: newEmail() });
		const own = await orgOf(ada);
		await ada.api.orgs.update({ org: ada.org, name: 'Lovelace' });
		for (const org of [ada.org, slug]) await ada.api.orgs.delete({ org, confirm: org });
		await leave(ada);
		await erase(ada.id);
		const left = async (id: string) => (await logOf(id)).map(({ target }) => target);
		expect(new Set(await left(own.id))).toEqual(new Set([null]));
		expect(await left(orgId)).toEqual(['Ann', 'Ann', 'Acme']);
	});

	test('leaves no organization without an admin whom somebody came back to', async () => {
		const { id: orgId, members } = await makeOrg('org_admin', 'member');
		const [ada, bob] = members;
		const token = await departed(bob);
		await departed(ada);
		await newBrowser().api.account.restore({ token });
		await letTimePass(ada.id);
		await erase(ada.id);
		expect(await isThere(ada.id)).toBe(false);
		const role = db.selectFrom('membership').where('orgId', '=', orgId).select(['userId', 'role']);
		expect(await role.execute()).toEqual([{ userId: bob.id, role: 'org_admin' }]);
		expect(await logOf(orgId)).toMatchObject(
			expect.arrayContaining([expect.objectContaining({ action: 'member.role_changed', actorKind: 'system' })])
		);
	});

	test('leaves it to whoever can come in and could change something, before whoever was there longest', async () => {
		const { id: orgId, members } = await makeOrg('org_admin', 'member', 'readonly', 'member', 'member');
		const [ada, shutOut, reader, bob] = members;
		const others = members.slice(1);
		const tokens: string[] = [];
		for (const other of others) tokens.push(await departed(other));
		await departed(ada);
		for (const token of tokens) await newBrowser().api.account.restore({ token });
		await db.updateTable('user').where('id', '=', shutOut.id).set({ suspendedAt: new Date() }).execute();
		for (const [days, { id: userId }] of [shutOut, reader, bob].entries()) {
			const createdAt = new Date(Date.now() - (9 - days) * 86_400_000);
			await db
				.updateTable('membership')
				.where('orgId', '=', orgId)
				.where('userId', '=', userId)
				.set({ createdAt })
				.execute();
		}
		await letTimePass(ada.id);
		await erase(ada.id);
		const admins = db.selectFrom('membership').where('orgId', '=', orgId).where('role', '=', 'org_admin');
		expect(await admins.select('userId').execute()).toEqual([{ userId: bob.id }]);
	});
});
