import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newSlug, race } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';
import { findMoved } from './service.ts';

type Person = Awaited<ReturnType<typeof makeUser>>;
const moved = async (person: Pick<Person, 'actor'>, slug: string) => findMoved(await person.actor(), slug);

/** Lets the 90 days of an old slug be over. */
const forget = (slug: string) =>
	db
		.updateTable('orgSlug')
		.where('slug', '=', slug)
		.set({ expiresAt: sql<Date>`now()` })
		.execute();

describe('changing', () => {
	test('writes one row with what changed, and none for what did not', async () => {
		const org = await makeOrg('org_admin');
		const [admin] = org.members;
		const slug = newSlug();
		expect(await admin.api.orgs.update({ org: org.slug, name: 'Engines' })).toMatchObject({ name: 'Engines' });
		expect(await admin.api.orgs.update({ org: org.slug, name: 'Engines', slug })).toEqual({
			id: org.id,
			slug,
			name: 'Engines'
		});
		expect(await admin.api.orgs.update({ org: slug, name: 'Engines', slug })).toMatchObject({ slug });
		expect(await admin.api.orgs.update({ org: slug })).toMatchObject({ slug });
		expect(await logOf(org.id)).toMatchObject([
			{ action: 'org.updated', actorId: admin.id, details: { before: { name: 'Acme' }, after: { name: 'Engines' } } },
			{ action: 'org.updated', targetId: org.id, details: { before: { slug: org.slug }, after: { slug } } }
		]);
	});

	test('is refused to others, and to bad input', async () => {
		const { slug, members } = await makeOrg('org_admin', 'member');
		const [admin, member] = members;
		await expect(member.api.orgs.update({ org: slug, name: 'Mine' })).rejects.toMatchObject({ reason: 'forbidden' });
		for (const change of [{ name: 'evil.com' }, { name: '' }, { slug: 'new' }, { slug: 'A' }]) {
			await expect(admin.api.orgs.update({ org: slug, ...change })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
	});
});

describe('an old slug', () => {
	test('leads members on for 90 days, and nobody else', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'readonly');
		const [admin, reader] = members;
		const [second, third] = [newSlug(), newSlug()];
		await admin.api.orgs.update({ org: slug, slug: second });
		await admin.api.orgs.update({ org: second, slug: third });
		for (const old of [slug, second]) {
			expect(await moved(reader, old)).toBe(third);
			expect(await moved(await makeUser({ sysAdmin: true }), old)).toBeUndefined();
			await expect(reader.api.orgs.get({ org: old })).rejects.toMatchObject({ reason: 'not_found' });
		}
		expect(await moved(reader, third)).toBeUndefined();
		const days = sql<number>`round(extract(epoch from expires_at - now()) / 86400)::int`;
		const kept = db.selectFrom('orgSlug').where('orgId', '=', id).where('slug', '=', second).select(days.as('days'));
		expect(await kept.executeTakeFirst()).toEqual({ days: 90 });
		await forget(slug);
		expect(await moved(reader, slug)).toBeUndefined();
	});

	test('cannot be taken by others meanwhile, but taken back', async () => {
		const { slug, members } = await makeOrg('org_admin');
		const [admin] = members;
		const other = await makeOrg('org_admin');
		const [stranger] = other.members;
		const present = newSlug();
		await admin.api.orgs.update({ org: slug, slug: present });
		for (const wanted of [slug, present]) {
			const refused = { reason: 'conflict', fields: { slug: [expect.any(String)] } };
			await expect(stranger.api.orgs.update({ org: other.slug, slug: wanted })).rejects.toMatchObject(refused);
			await expect(stranger.api.orgs.create({ name: 'Acme', slug: wanted })).rejects.toMatchObject(refused);
		}
		await admin.api.orgs.update({ org: present, slug });
		expect(await moved(admin, present)).toBe(slug);
		await admin.api.orgs.update({ org: slug, slug: present });
		await forget(slug);
		await stranger.api.orgs.update({ org: other.slug, slug });
		expect(await stranger.api.orgs.get({ org: slug })).toMatchObject({ id: other.id });
		expect(await moved(stranger, other.slug)).toBe(slug);
	});

	test('is no name that a new organization falls into by chance', async () => {
		const { slug, members } = await makeOrg('org_admin');
		const short = slug.slice(0, 30);
		await members[0].api.orgs.update({ org: slug, slug: short });
		await members[0].api.orgs.update({ org: short, slug });
		const { api } = await makeUser();
		expect((await api.orgs.create({ name: short })).slug).toMatch(new RegExp(`^${short}-[a-z0-9]{4}$`));
	});

	test('of twenty organizations that move to one slug at once, one does', async () => {
		const orgs = await Promise.all(Array.from({ length: 20 }, () => makeOrg('org_admin')));
		const slug = newSlug();
		const { won, lost } = await race(20, (index) => {
			const { slug: org, members } = orgs[index]!;
			return members[0].api.orgs.update({ org, slug });
		});
		expect(won).toMatchObject([{ slug }]);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['conflict']));
	});
});

describe('deleting', () => {
	test('wants the slug, takes the data and leaves the people and a last row', async () => {
		const { id, slug, members } = await makeOrg('org_admin', 'member');
		const [admin, member] = members;
		for (const confirm of ['', slug.toUpperCase(), 'Acme']) {
			await expect(admin.api.orgs.delete({ org: slug, confirm })).rejects.toMatchObject({
				reason: 'invalid',
				fields: { confirm: [expect.any(String)] }
			});
		}
		await expect(member.api.orgs.delete({ org: slug, confirm: slug })).rejects.toMatchObject({ reason: 'forbidden' });
		const former = newSlug();
		await admin.api.orgs.update({ org: slug, slug: former });
		expect(await admin.api.orgs.delete({ org: former, confirm: former })).toEqual({ status: 'deleted' });
		expect(await admin.api.orgs.list()).toEqual([]);
		expect((await member.api.auth.me()).user.id).toBe(member.id);
		const slugs = db.selectFrom('orgSlug').where('slug', 'in', [slug, former]).select('slug');
		expect(await slugs.execute()).toEqual([]);
		expect((await logOf(id)).at(-1)).toMatchObject({ action: 'org.deleted', actorId: admin.id, target: 'Acme' });
	});

	test('of twenty at once happens once', async () => {
		const { id, slug, members } = await makeOrg('org_admin');
		const { won, lost } = await race(20, () => members[0].api.orgs.delete({ org: slug, confirm: slug }));
		expect(won).toHaveLength(1);
		expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['not_found']));
		expect(await logOf(id)).toHaveLength(1);
	});
});
