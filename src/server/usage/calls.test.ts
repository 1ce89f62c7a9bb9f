import { expect, test } from 'vitest';
import { LIMITS, makeOrg, makeUser, race } from '../../../tests/fixtures.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { db } from '../db.ts';
import { newCounter } from './calls.ts';
import { flushMeters } from './meter.ts';

type Limits = Record<string, number>;

/** An organisation whose copy of a tier allows its members so many calls a minute. */
async function makeLimited(limits: Limits) {
	const org = await makeOrg('org_admin', 'member');
	await setLimits(org.id, limits);
	return org;
}

const setLimits = (id: string, limits: Limits) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.set({ limits: JSON.stringify(limits) })
		.execute();

const refused = (words: RegExp) => ({
	reason: 'rate_limited',
	message: expect.stringMatching(words) as string,
	retryAfter: expect.any(Number) as number
});

const callsOf = async (orgId: string) => {
	await flushMeters();
	const uses = await asSystem((tx) =>
		tx.selectFrom('usageDay').where('orgId', '=', orgId).selectAll().orderBy('used').execute()
	);
	return uses.filter(({ measure }) => measure === 'calls').map(({ actorId, used }) => [actorId, Number(used)]);
};

test('a tier’s limit is exact for each of its people, and no factor touches it', async () => {
	const { id, slug, members } = await makeLimited({ '*': 7 });
	const [admin, member] = members;
	const { won, lost } = await race(20, () => admin.api.orgs.get({ org: slug }));
	expect([won.length, lost.length]).toEqual([7, 13]);
	expect(lost[0]).toMatchObject(refused(/^Your plan allows 7 calls a minute. Please try again in \d+ seconds?\.$/));
	await member.api.orgs.get({ org: slug });
	await admin.api.orgs.list();
	expect(await callsOf(id)).toEqual([
		[member.id, 1],
		[admin.id, 7]
	]);
});

test('a procedure has a limit of its own, and the others go on', async () => {
	const { slug, members } = await makeLimited({ '*': 100, 'members.list': 3 });
	const [{ api }, member] = members;
	const { won, lost } = await race(20, () => api.members.list({ org: slug }));
	expect([won.length, lost.length]).toEqual([3, 17]);
	expect(lost[0]).toMatchObject(refused(/^Your plan allows 3 calls of members\.list a minute\. /));
	await api.orgs.get({ org: slug });
	await member.api.members.list({ org: slug });
});

test('each organization counts for itself', async () => {
	const [full, other] = [await makeLimited({ '*': 1 }), await makeLimited({ '*': 1 })];
	const [{ api, id: userId }] = full.members;
	await db.insertInto('membership').values({ orgId: other.id, userId, role: 'member' }).execute();
	await api.orgs.get({ org: full.slug });
	await expect(api.orgs.get({ org: full.slug })).rejects.toMatchObject(refused(/1 call a minute/));
	await api.orgs.get({ org: other.slug });
});

test('strangers meet the limit of everybody, as where there is no organization', async () => {
	const { id, slug } = await makeLimited({ '*': 1 });
	const stranger = await makeUser();
	for (let nth = 0; nth < 3; nth++) {
		for (const org of [slug, 'nowhere', 'no\0where', 7 as never]) {
			const reason = await stranger.api.orgs.get({ org }).catch((error: { reason?: string }) => error.reason);
			expect(reason).not.toBe('rate_limited');
		}
	}
	expect(await callsOf(id)).toEqual([]);
});

test('a copy without limits leaves calls to the limit of everybody, and one without an end to none', async () => {
	const few = { limits: { ...LIMITS.limits, factor: 0.01 } };
	for (const [limits, passed] of [
		[{ 'members.list': 1 }, 6],
		[{ '*': -1, 'orgs.get': -1 }, 20]
	] as [Limits, number][]) {
		const { id, slug } = await makeLimited(limits);
		const person = await makeUser({}, few);
		await db.insertInto('membership').values({ orgId: id, userId: person.id, role: 'member' }).execute();
		const { won, lost } = await race(20, () => person.api.orgs.get({ org: slug }));
		expect([won.length, lost.length]).toEqual([passed, 20 - passed]);
	}
});

test('a page counts once, however much it calls, but each call of a limited procedure', async () => {
	const { id, slug, members } = await makeLimited({ '*': 1, 'members.list': 2 });
	const count = newCounter(await members[0].actor(), { factor: 0, attempts: 5, windowMinutes: 15 }, true);
	for (let nth = 0; nth < 3; nth++) await count({ org: slug, procedure: 'orgs.get' });
	for (let nth = 0; nth < 2; nth++) await count({ org: slug, procedure: 'members.list' });
	await expect(count({ org: slug, procedure: 'members.list' })).rejects.toMatchObject(refused(/2 calls of members/));
	await expect(members[0].api.orgs.get({ org: slug })).rejects.toMatchObject(refused(/1 call a minute/));
	expect(await callsOf(id)).toEqual([[members[0].id, 1]]);
});

test('another tier counts within seconds', async () => {
	const { id, slug, members } = await makeLimited({ '*': 1 });
	const call = () => members[0].api.orgs.get({ org: slug });
	await call();
	await expect(call()).rejects.toMatchObject({ reason: 'rate_limited' });
	await setLimits(id, { '*': -1 });
	await expect.poll(() => call().then(() => 'passed'), { timeout: 5000 }).toBe('passed');
});

test('a call that its role does not allow is counted, and one of a former member is not the organization’s', async () => {
	const { id, slug, members } = await makeLimited({ '*': 100 });
	const [admin, member] = members;
	await expect(member.api.audit.list({ org: slug })).rejects.toMatchObject({ reason: 'forbidden' });
	expect(await callsOf(id)).toEqual([[member.id, 1]]);
	await admin.api.members.remove({ org: slug, userId: member.id });
	await new Promise((resolve) => setTimeout(resolve, 2000));
	await expect(member.api.orgs.get({ org: slug })).rejects.toMatchObject({ reason: 'not_found' });
	expect(await callsOf(id)).toEqual(expect.arrayContaining([[member.id, 1]]));
});
