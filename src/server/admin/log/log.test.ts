import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser } from '../../../../tests/fixtures.ts';
import { db, transaction } from '../../db.ts';
import { record } from './service.ts';

describe('the console’s log', () => {
	test('says who changed what, with the names of today', async () => {
		const [operator, person] = [await makeUser({ sysAdmin: true }), await makeUser()];
		const { slug, name } = await makeOrg('org_admin');
		await operator.api.account.update({ firstName: 'Grace', lastName: 'Hopper' });
		await operator.api.credits.grant({ org: slug, tokens: 5000, reason: 'A gift' });
		await operator.api.admin.orgs.inviteAdmin({ org: slug, email: person.email });
		const { items, total } = await operator.api.admin.log.list({ actorId: operator.id });
		expect(total).toBe(2);
		expect(items).toMatchObject([
			{ action: 'org.admin_invited', target: { kind: 'org', slug, name } },
			{
				action: 'org.credits_granted',
				actor: { id: operator.id, name: 'Grace Hopper' },
				target: { kind: 'org', slug, name },
				details: { tokens: 5000, reason: 'A gift' },
				ip: '192.0.2.1',
				device: 'Vitest'
			}
		]);
	});

	test('is read in pages, by action and by what was changed', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const { id: orgId } = await makeOrg('org_admin');
		const actor = await operator.actor();
		for (let n = 0; n < 3; n++) {
			await transaction((tx) => record(tx, actor as never, 'org.created', { orgId }, { n }));
		}
		const first = await operator.api.admin.log.list({ targetId: orgId, limit: 2 });
		expect(first).toMatchObject({ items: [{}, {}], total: 3 });
		const second = await operator.api.admin.log.list({ targetId: orgId, limit: 2, cursor: first.nextCursor! });
		expect(second).toMatchObject({ items: [{}], nextCursor: null, total: null });
		// Of one moment, they stand in any order.
		const seen = [...first.items, ...second.items].map(({ details }) => (details as { n: number }).n);
		expect(seen.toSorted()).toEqual([0, 1, 2]);
		const other = await operator.api.admin.log.list({ targetId: orgId, action: 'org.credits_granted' });
		expect(other.items).toEqual([]);
	});

	test('is closed to everybody else', async () => {
		const { members } = await makeOrg('org_admin');
		await expect(members[0].api.admin.log.list()).rejects.toMatchObject({ reason: 'forbidden' });
	});

	test.for(['update admin_log set ip = null', 'delete from admin_log', 'truncate admin_log'])(
		'is insert-only: %s',
		async (statement) => {
			await expect(sql.raw(statement).execute(db)).rejects.toMatchObject({ code: '42501' });
		}
	);
});
