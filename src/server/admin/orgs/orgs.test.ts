import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newEmail, newSlug, setTier } from '../../../../tests/fixtures.ts';
import { db } from '../../db.ts';

const operator = () => makeUser({ sysAdmin: true });

/** Organisations whose names begin with a word that no other does. */
async function several(names: string[]) {
	const word = `w${randomUUID().slice(0, 8)}`;
	const { api } = await operator();
	for (const name of names) {
		await api.admin.orgs.create({ name: `${word} ${name}`, slug: newSlug(), adminEmail: newEmail() });
	}
	return { word, api };
}

describe('the list of organizations', () => {
	test('finds by how a name or a slug begins, whatever its case, and by id', async () => {
		const { api } = await operator();
		const { id, slug } = await makeOrg('org_admin', 'member');
		const name = `Zürich ${randomUUID()}`;
		await db.updateTable('org').where('id', '=', id).set({ name }).execute();
		for (const q of [name.toUpperCase(), name.slice(0, 20), slug, slug.slice(0, 18), id, id.toUpperCase()]) {
			const { items, total } = await api.admin.orgs.list({ q });
			expect(items, q).toMatchObject([{ id, slug, name, tier: 'enterprise', members: 2, suspendedAt: null }]);
			expect(total).toBe(1);
		}
		for (const q of [`%${name}`, `_${name.slice(1)}`, randomUUID(), "'"]) {
			expect((await api.admin.orgs.list({ q })).items, q).toEqual([]);
		}
	});

	test('is sorted by name or by age, in pages that miss nobody', async () => {
		const { word, api } = await several(['beta', 'Alpha', 'beta', 'gamma', 'Äther']);
		const all = async (order: { sort?: 'name' | 'createdAt'; direction?: 'asc' | 'desc' }) => {
			const names: string[] = [];
			let cursor: string | undefined;
			do {
				const page = await api.admin.orgs.list({ q: word, limit: 2, cursor, ...order });
				names.push(...page.items.map(({ name }) => name.slice(word.length + 1)));
				expect(page.total).toBe(cursor ? null : 5);
				cursor = page.nextCursor ?? undefined;
			} while (cursor);
			return names;
		};
		expect(await all({ sort: 'name' })).toEqual(['Alpha', 'beta', 'beta', 'gamma', 'Äther']);
		expect(await all({ sort: 'name', direction: 'desc' })).toEqual(['Äther', 'gamma', 'beta', 'beta', 'Alpha']);
		expect(await all({})).toEqual(['Äther', 'gamma', 'beta', 'Alpha', 'beta']);
		expect(await all({ direction: 'asc' })).toEqual(['beta', 'Alpha', 'beta', 'gamma', 'Äther']);
	});

	test('is narrowed to a tier, and to those that are open or suspended', async () => {
		const { word, api } = await several(['one', 'two']);
		const [two, one] = (await api.admin.orgs.list({ q: word })).items;
		await setTier(one!.id, 'pro');
		await api.admin.orgs.suspend({ org: two!.slug, reason: 'Unpaid' });
		const slugs = async (filter: object) =>
			(await api.admin.orgs.list({ q: word, ...filter })).items.map((o) => o.slug);
		expect(await slugs({ tier: 'pro' })).toEqual([one!.slug]);
		expect(await slugs({ standing: 'open' })).toEqual([one!.slug]);
		expect(await slugs({ standing: 'suspended' })).toEqual([two!.slug]);
		expect(await slugs({ tier: 'pro', standing: 'suspended' })).toEqual([]);
	});

	test.for(['bm9uc2Vuc2U', 'WyJhIiwiYiJd', ''])('begins at no page that there is not: %j', async (cursor) => {
		const { api } = await operator();
		await expect(api.admin.orgs.list({ cursor })).rejects.toMatchObject({ reason: 'invalid' });
	});

	test.for(['\0', '\ud800'])('begins at no name that cannot be one: %j', async (name) => {
		const { api } = await operator();
		const cursor = Buffer.from(JSON.stringify([name, randomUUID()])).toString('base64url');
		await expect(api.admin.orgs.list({ sort: 'name', cursor })).rejects.toMatchObject({ reason: 'invalid' });
	});
});

describe('an organization', () => {
	test('shows its plan, what is used of it, and when something happened last', async () => {
		const { api } = await operator();
		const { id, slug: org, members } = await makeOrg('org_admin', 'member');
		await members[0].api.apiKeys.create({ org, name: 'Robot', role: 'member' });
		await api.credits.grant({ org, tokens: 700, reason: 'A gift' });
		const found = await api.admin.orgs.get({ org });
		expect(found).toMatchObject({ id, slug: org, tier: 'enterprise', members: 2, suspendedAt: null, keyUsedAt: null });
		expect(found.changedAt).toBeInstanceOf(Date);
		expect(found.usage.spend.credits).toBe(700);
		const used = Object.fromEntries(found.usage.features.map(({ key, used }) => [key, used]));
		expect(used).toMatchObject({ members: 2, api_keys: 1, customers: 0 });
	});

	test('shows all its members in pages, also those whom the others do not see', async () => {
		const { api } = await operator();
		const { slug: org, members } = await makeOrg('org_admin', 'member', 'readonly');
		await members[1].api.account.deactivate();
		await db.updateTable('user').where('id', '=', members[2].id).set({ suspendedAt: new Date() }).execute();
		const first = await api.admin.orgs.members({ org, limit: 2 });
		const second = await api.admin.orgs.members({ org, limit: 2, cursor: first.nextCursor! });
		expect(first.total).toBe(3);
		expect([...first.items, ...second.items]).toMatchObject([
			{ userId: members[0].id, role: 'org_admin', standing: 'here' },
			{ userId: members[1].id, role: 'member', standing: 'away' },
			{ userId: members[2].id, role: 'readonly', standing: 'suspended' }
		]);
	});

	test('is renamed, which both logs know, the console’s without the name', async () => {
		const { id: actorId, api } = await operator();
		const { id, slug: org } = await makeOrg('org_admin');
		const slug = newSlug();
		expect(await api.admin.orgs.update({ org, name: 'Engines', slug })).toMatchObject({ name: 'Engines', slug });
		await api.admin.orgs.update({ org: slug, name: 'Engines' });
		expect(await logOf(id)).toMatchObject([{ action: 'org.updated', actorId }]);
		const { items } = await api.admin.log.list({ targetId: id });
		expect(items).toMatchObject([{ action: 'org.updated', details: { changed: ['name', 'slug'] } }]);
		const other = await makeOrg('org_admin');
		await expect(api.admin.orgs.update({ org: slug, slug: other.slug })).rejects.toMatchObject({ reason: 'conflict' });
	});

	test('is put on another tier as that is now, with all that it grants', async () => {
		const { api } = await operator();
		const { id, slug: org, members } = await makeOrg('org_admin');
		expect(await api.admin.orgs.setTier({ org, tier: 'free' })).toEqual({ tier: 'free' });
		const { tier, features } = await members[0].api.usage.summary({ org });
		expect(tier).toBe('free');
		expect(features.find(({ key }) => key === 'members')).toMatchObject({ limit: 10 });
		const change = { before: 'enterprise', after: 'free' };
		expect(await logOf(id)).toMatchObject([{ action: 'org.tier_changed', details: change }]);
		expect((await api.admin.log.list({ targetId: id })).items).toMatchObject([
			{ action: 'org.tier_changed', details: change }
		]);
		await expect(api.admin.orgs.setTier({ org, tier: 'golden' })).rejects.toMatchObject({
			fields: { tier: [expect.any(String)] }
		});
		expect(await logOf(id)).toHaveLength(1);
	});

	test('that there is not is not found', async () => {
		const { api } = await operator();
		const org = newSlug();
		const { get, members, update, suspend, activate, setTier } = api.admin.orgs;
		const calls = [
			get({ org }),
			members({ org }),
			update({ org, name: 'Engines' }),
			suspend({ org, reason: 'Unpaid' }),
			activate({ org }),
			setTier({ org, tier: 'pro' })
		];
		await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ reason: 'not_found' })));
	});
});
