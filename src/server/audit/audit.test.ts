import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { makeUser } from '../../../tests/fixtures.ts';
import { makeOrg } from '../../../tests/fixtures.ts';
import { enterOrg } from '../auth/access.ts';
import { db, transaction } from '../db.ts';
import { entriesOf } from './queries.ts';
import { audit, type Target } from './service.ts';

type Person = Awaited<ReturnType<typeof makeUser>>;

/** Writes rows as the past would have, each at its own moment. */
const write = (orgId: string, moments: Date[], more: { action?: 'org.updated'; actorId?: string } = {}) =>
	transaction(async (tx) => {
		await enterOrg(tx, orgId);
		const rows = moments.map((at) => ({
			...{ orgId, at, action: 'customer.created' as const, actorKind: 'user' as const, requestId: 'test' },
			...more
		}));
		await tx.insertInto('auditLog').values(rows).execute();
	});

const note = async (orgId: string, person: Person, target?: Target) => {
	const actor = await person.actor();
	await transaction(async (tx) => {
		await enterOrg(tx, orgId);
		await audit(tx, actor, orgId, 'member.role_changed', target, { before: 'member', after: 'readonly' });
	});
};

const moment = (n: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, n));

describe('an entry', () => {
	test('says who did what to whom, when and from where', async () => {
		const { slug, members } = await makeOrg('org_admin', 'member');
		const [{ id, api }, { id: userId, email }] = members;
		await api.account.update({ firstName: 'Otto', lastName: 'Admin' });
		await api.members.setRole({ org: slug, userId, role: 'readonly' });
		expect(await api.audit.list({ org: slug })).toEqual({
			items: [
				{
					id: expect.any(String) as string,
					at: expect.any(Date) as Date,
					action: 'member.role_changed',
					actor: { kind: 'user', id, name: 'Otto Admin' },
					impersonator: null,
					target: { id: userId, name: email },
					ip: '192.0.2.1',
					device: 'Vitest',
					requestId: expect.any(String) as string,
					details: { before: 'member', after: 'readonly' }
				}
			],
			nextCursor: null,
			total: 1
		});
	});

	test('shows the names that people have today, and none of those who are gone', async () => {
		const { id: orgId, slug, members } = await makeOrg('org_admin', 'org_admin', 'member');
		const [{ api }, second, third] = members;
		await note(orgId, second, { id: third.id });
		await third.api.account.update({ firstName: 'Mia' });
		const [entry] = (await api.audit.list({ org: slug })).items;
		expect(entry).toMatchObject({ actor: { name: second.email }, target: { name: 'Mia' } });
		await db.deleteFrom('user').where('id', 'in', [second.id, third.id]).execute();
		const [after] = (await api.audit.list({ org: slug })).items;
		expect(after).toMatchObject({
			actor: { kind: 'user', id: second.id, name: 'Deleted person' },
			target: { id: third.id, name: 'Deleted person' }
		});
	});

	test('without a person is the system’s', async () => {
		const {
			id: orgId,
			slug,
			members: [{ api }]
		} = await makeOrg('org_admin');
		await transaction(async (tx) => {
			await enterOrg(tx, orgId);
			const nobody = { kind: 'anonymous', ip: '192.0.2.7', device: '', requestId: 'test' } as const;
			await audit(tx, nobody, orgId, 'invitation.declined', { name: 'bob@example.com' });
		});
		expect((await api.audit.list({ org: slug })).items).toMatchObject([
			{ actor: { kind: 'system', id: null, name: 'System' }, target: { id: null, name: 'bob@example.com' } }
		]);
	});
});

test('pages show each entry once, newest first, also those of one moment', async () => {
	const {
		id: orgId,
		slug,
		members: [{ api }]
	} = await makeOrg('org_admin');
	await write(
		orgId,
		Array.from({ length: 8 }, (_, n) => moment(Math.floor(n / 3)))
	);
	const all = (await api.audit.list({ org: slug })).items;
	expect(all.map(({ at }) => at)).toEqual([2, 2, 1, 1, 1, 0, 0, 0].map(moment));
	const seen: unknown[] = [];
	let page = await api.audit.list({ org: slug, limit: 3 });
	expect(page.total).toBe(8);
	for (; page.nextCursor; page = await api.audit.list({ org: slug, limit: 3, cursor: page.nextCursor }))
		seen.push(...page.items);
	expect(page.total).toBeNull();
	expect([...seen, ...page.items]).toEqual(all);
});

test('filters by action, by person and by time: from is the first moment that counts, to the first that does not', async () => {
	const {
		id: orgId,
		slug: org,
		members: [{ id: actorId, api }]
	} = await makeOrg('org_admin');
	await write(orgId, [0, 1, 2].map(moment));
	await write(orgId, [moment(3)], { action: 'org.updated' });
	await write(orgId, [moment(4)], { actorId });
	const found = async (filter: object) => {
		const { items, total } = await api.audit.list({ org, ...filter });
		expect(total).toBe(items.length);
		return items.map(({ at }) => at.getUTCSeconds());
	};
	expect(await found({ action: 'org.updated' })).toEqual([3]);
	expect(await found({ action: 'planet.moved' })).toEqual([]);
	expect(await found({ actorId })).toEqual([4]);
	expect(await found({ actorId: randomUUID() })).toEqual([]);
	const [from, to] = [moment(1).toISOString(), moment(3).toISOString()];
	expect(await found({ from })).toEqual([4, 3, 2, 1]);
	expect(await found({ from, to })).toEqual([2, 1]);
	expect(await found({ from, action: 'customer.created', actorId })).toEqual([4]);
});

test.for([
	{ action: 'x'.repeat(61) },
	{ actorId: 'otto' },
	{ from: 'yesterday' },
	{ to: '0000-01-01T00:00:00Z' },
	{ cursor: 'nonsense' }
])('refuses %j', async (filter) => {
	const {
		slug: org,
		members: [{ api }]
	} = await makeOrg('org_admin');
	await expect(api.audit.list({ org, ...filter })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a long log is counted up to 10,000, and read by an index', async () => {
	const {
		id: orgId,
		slug: org,
		members: [{ api }]
	} = await makeOrg('org_admin');
	const moments = Array.from({ length: 4000 }, (_, n) => moment(n));
	for (let part = 0; part < 3; part++) await write(orgId, moments);
	expect(await api.audit.list({ org, limit: 1 })).toMatchObject({ total: 10_000 });
	for (const filter of [{}, { action: 'customer.created' }, { actorId: randomUUID() }, { from: moment(5) }]) {
		const plan = await transaction(async (tx) => {
			await enterOrg(tx, orgId);
			return entriesOf(tx, orgId, filter).limit(10_000).explain();
		});
		expect(JSON.stringify(plan)).toMatch(/Index (Only )?Scan/);
		expect(JSON.stringify(plan)).not.toContain('Seq Scan');
	}
});
