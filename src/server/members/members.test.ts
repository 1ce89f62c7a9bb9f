import { describe, expect, test } from 'vitest';
import { logOf, makeOrg } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const rolesIn = async (orgId: string) =>
	Object.fromEntries(
		(await db.selectFrom('membership').where('orgId', '=', orgId).select(['userId', 'role']).execute()).map(
			({ userId, role }) => [userId, role]
		)
	);

const rename = (userId: string, firstName: string | null, lastName: string | null) =>
	db.updateTable('user').where('id', '=', userId).set({ firstName, lastName }).execute();

describe('the list', () => {
	test('shows everybody of this organization to everybody in it, page by page', async () => {
		const { slug, members } = await makeOrg('org_admin', 'member', 'readonly', 'readonly', 'readonly');
		await makeOrg('member');
		const reader = members[2];
		await rename(members[0].id, 'Ada', 'Lovelace');
		const first = await reader.api.members.list({ org: slug, limit: 2 });
		expect(first).toMatchObject({
			items: [
				{ userId: members[0].id, name: 'Ada Lovelace', email: members[0].email, role: 'org_admin' },
				{ userId: members[1].id, name: members[1].email, role: 'member', joinedAt: expect.any(Date) as Date }
			],
			total: 5
		});
		const seen = first.items.map(({ userId }) => userId);
		for (let cursor = first.nextCursor; cursor;) {
			const page = await reader.api.members.list({ org: slug, limit: 2, cursor });
			expect(page.total).toBeNull();
			seen.push(...page.items.map(({ userId }) => userId));
			cursor = page.nextCursor;
		}
		expect(seen).toEqual(members.map(({ id }) => id));
	});

	test('pages through people who joined at the same moment', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member', 'member', 'member');
		await db.updateTable('membership').where('orgId', '=', id).set({ createdAt: new Date() }).execute();
		const seen = new Set<string>();
		let cursor: string | undefined;
		do {
			const page = await members[0].api.members.list({ org: slug, limit: 1, cursor });
			seen.add(page.items[0]!.userId);
			cursor = page.nextCursor ?? undefined;
		} while (cursor);
		expect(seen.size).toBe(4);
	});

	test('is searched by the beginning of a name or address, and by role', async () => {
		const { slug, members } = await makeOrg('org_admin', 'member', 'member');
		const [{ api }, zoe, other] = members;
		await rename(zoe.id, 'Zoë', 'Über');
		await rename(other.id, 'Z%_', null);
		await db
			.updateTable('user')
			.where('id', '=', other.id)
			.set({ username: `u${Date.now()}` })
			.execute();
		const found = async (filter: { q?: string; role?: 'member' }) => {
			const { items, total } = await api.members.list({ org: slug, ...filter });
			expect(total).toBe(items.length);
			return items.map(({ userId }) => userId);
		};
		expect(await found({ q: 'zOË' })).toEqual([zoe.id]);
		expect(await found({ q: 'zoë ü' })).toEqual([zoe.id]);
		expect(await found({ q: 'über' })).toEqual([zoe.id]);
		expect(await found({ q: zoe.email.toUpperCase() })).toEqual([zoe.id]);
		expect(await found({ q: 'z' })).toEqual([zoe.id, other.id]);
		expect(await found({ q: 'z%' })).toEqual([other.id]);
		for (const q of ['oë', '%', '_', '\\', '@']) expect(await found({ q })).toEqual([]);
		expect(await found({ role: 'member' })).toEqual([zoe.id, other.id]);
		expect(await found({ q: 'zo', role: 'member' })).toEqual([zoe.id]);
		expect(await found({ q: '  ' })).toHaveLength(3);
	});

	test.for([{ limit: 0 }, { limit: 101 }, { cursor: 'x' }, { cursor: 'W10' }, { role: 'sys_admin' }, { q: 'a\nb' }])(
		'refuses %j',
		async (input) => {
			const { slug, members } = await makeOrg('readonly');
			const list = members[0].api.members.list({ org: slug, ...input } as never);
			await expect(list).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
	);
});

describe('a role', () => {
	test('acts on the very next call of an open session, and is written down once', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member');
		const [admin, member] = members;
		const promote = () => admin.api.members.setRole({ org: slug, userId: member.id, role: 'org_admin' });
		await expect(member.api.orgs.update({ org: slug, name: 'Mine' })).rejects.toMatchObject({ reason: 'forbidden' });
		expect(await promote()).toEqual({ userId: member.id, role: 'org_admin' });
		await promote();
		await member.api.orgs.update({ org: slug, name: 'Ours' });
		await member.api.members.setRole({ org: slug, userId: admin.id.toUpperCase(), role: 'readonly' });
		await expect(promote()).rejects.toMatchObject({ reason: 'forbidden' });
		expect(await logOf(id)).toMatchObject([
			{
				action: 'member.role_changed',
				actorId: admin.id,
				targetId: member.id,
				target: null,
				details: { before: 'member', after: 'org_admin' }
			},
			{ action: 'org.updated' },
			{ action: 'member.role_changed', targetId: admin.id, details: { before: 'org_admin', after: 'readonly' } }
		]);
	});

	test('is given by admins alone, and none above an organization’s own', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member', 'readonly');
		const [admin, member, reader] = members;
		for (const { api } of [member, reader]) {
			for (const userId of [member.id, reader.id]) {
				const given = api.members.setRole({ org: slug, userId, role: 'org_admin' });
				await expect(given).rejects.toMatchObject({ reason: 'forbidden' });
			}
		}
		const beyond = admin.api.members.setRole({ org: slug, userId: admin.id, role: 'sys_admin' as never });
		await expect(beyond).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(Object.values(await rolesIn(id)).sort()).toEqual(['member', 'org_admin', 'readonly']);
	});

	test('is not found for whoever is no member here', async () => {
		const { slug, members } = await makeOrg('org_admin');
		const { api } = members[0];
		const neighbor = await makeOrg('member');
		for (const userId of [NOBODY, neighbor.members[0].id]) {
			const given = api.members.setRole({ org: slug, userId, role: 'readonly' });
			await expect(given).rejects.toMatchObject({ reason: 'not_found' });
			await expect(api.members.remove({ org: slug, userId })).rejects.toMatchObject({ reason: 'not_found' });
		}
		await expect(api.members.remove({ org: slug, userId: 'x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(await rolesIn(neighbor.id)).toEqual({ [neighbor.members[0].id]: 'member' });
	});
});

describe('a membership ends', () => {
	test('by removal, on the very next call of an open session', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member');
		const [admin, member] = members;
		const away = member.api.members.remove({ org: slug, userId: admin.id });
		await expect(away).rejects.toMatchObject({ reason: 'forbidden' });
		expect(await admin.api.members.remove({ org: slug, userId: member.id })).toEqual({ status: 'removed' });
		await expect(member.api.orgs.get({ org: slug })).rejects.toMatchObject({ reason: 'not_found' });
		expect(await member.api.orgs.list()).toEqual([]);
		expect(await logOf(id)).toMatchObject([{ action: 'member.removed', actorId: admin.id, targetId: member.id }]);
	});

	test('by leaving, or by removing oneself, which is the same', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'org_admin', 'readonly');
		const [admin, second, reader] = members;
		expect(await reader.api.members.leave({ org: slug })).toEqual({ status: 'left' });
		await admin.api.members.remove({ org: slug, userId: admin.id });
		expect(await rolesIn(id)).toEqual({ [second.id]: 'org_admin' });
		expect(await logOf(id)).toMatchObject([
			{ action: 'member.left', actorId: reader.id, targetId: reader.id },
			{ action: 'member.left', actorId: admin.id, targetId: admin.id }
		]);
	});

	test('never of the last admin, who is told what to do', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member');
		const [{ id: userId, api }] = members;
		const attempts = [
			() => api.members.leave({ org: slug }),
			() => api.members.remove({ org: slug, userId }),
			() => api.members.setRole({ org: slug, userId, role: 'member' })
		];
		for (const attempt of attempts) {
			await expect(attempt()).rejects.toMatchObject({
				reason: 'conflict',
				message: expect.stringContaining('Make somebody else admin first.') as string
			});
		}
		expect((await rolesIn(id))[userId]).toBe('org_admin');
		expect(await logOf(id)).toEqual([]);
	});
});
