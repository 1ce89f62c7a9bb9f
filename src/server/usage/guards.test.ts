import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newEmail, setTier } from '../../../tests/fixtures.ts';
import { settings } from '../settings.ts';
import { createCallerFactory, orgProcedure, router, steppedProcedure } from '../trpc.ts';

const createCaller = createCallerFactory(
	router({
		exporting: orgProcedure('org.read')
			.meta({ feature: 'audit_export' })
			.mutation(() => 'exported'),
		advanced: orgProcedure('org.read')
			.meta({ tier: 'pro' })
			.query(() => 'advanced'),
		stepped: steppedProcedure('org.read')
			.meta({ feature: 'audit_export', tier: 'enterprise' })
			.mutation(() => 'done'),
		adminOnly: orgProcedure('audit.read')
			.meta({ feature: 'audit_export' })
			.query(() => 'read')
	})
);

/** An organisation on a tier, and one of its members who calls what is guarded. */
async function onTier(tier: string) {
	const { id, slug, members } = await makeOrg('org_admin', 'member');
	await setTier(id, tier);
	const [, member] = members;
	const count = () => Promise.resolve();
	const caller = createCaller({
		...{ actor: await member.actor(), cookies: member.cookies },
		...{ settings, batched: false, count }
	});
	return { id, slug, caller, members };
}

const disabled = (message: string) => ({ reason: 'feature_disabled', code: 'FORBIDDEN', message });
const REMEDY = 'An admin of your organization can change its plan.';

describe('a guard by', () => {
	test('feature lets in who has it, and names it and the tier that has it to others', async () => {
		const free = await onTier('free');
		const refusal = disabled(`Audit log export is part of the Pro plan. ${REMEDY}`);
		await expect(free.caller.exporting({ org: free.slug })).rejects.toMatchObject(refusal);
		await expect(free.caller.stepped({ org: free.slug })).rejects.toMatchObject(refusal);
		const pro = await onTier('pro');
		expect(await pro.caller.exporting({ org: pro.slug })).toBe('exported');
	});

	test('tier lets in whoever is on it or above', async () => {
		const free = await onTier('free');
		await expect(free.caller.advanced({ org: free.slug })).rejects.toMatchObject(
			disabled(`advanced is part of the Pro plan. ${REMEDY}`)
		);
		for (const tier of ['pro', 'enterprise']) {
			const { caller, slug } = await onTier(tier);
			expect(await caller.advanced({ org: slug })).toBe('advanced');
		}
		const pro = await onTier('pro');
		await expect(pro.caller.stepped({ org: pro.slug })).rejects.toMatchObject(
			disabled(`stepped is part of the Enterprise plan. ${REMEDY}`)
		);
	});

	test('either is asked after the role, so that nobody learns of a plan who may not call anyway', async () => {
		const { caller, slug } = await onTier('free');
		await expect(caller.adminOnly({ org: slug })).rejects.toMatchObject({ reason: 'forbidden' });
		await expect(caller.exporting({ org: 'nowhere' })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('a change of tier counts from the next call on', async () => {
		const { id, caller, slug } = await onTier('free');
		await expect(caller.advanced({ org: slug })).rejects.toMatchObject({ reason: 'feature_disabled' });
		await setTier(id, 'pro');
		expect(await caller.advanced({ org: slug })).toBe('advanced');
		await setTier(id, 'free');
		await expect(caller.advanced({ org: slug })).rejects.toMatchObject({ reason: 'feature_disabled' });
	});
});

test('below what is used, a lower tier takes nothing away, and nothing new fits until enough is gone', async () => {
	const { id, slug, members } = await makeOrg('org_admin', ...Array<'member'>(11).fill('member'));
	const [{ api }] = members;
	await setTier(id, 'free');
	expect((await api.members.list({ org: slug })).total).toBe(12);
	const [quota] = (await api.usage.summary({ org: slug })).features;
	expect(quota).toMatchObject({ key: 'members', used: 12, limit: 10 });
	const { email, api: guest } = await makeUser();
	await api.invitations.create({ org: slug, email, role: 'member' });
	const [waiting] = await guest.invitations.mine();
	const accept = () => guest.invitations.acceptMine({ id: waiting!.id });
	await expect(accept()).rejects.toMatchObject({ reason: 'quota_exceeded' });
	for (const { id: userId } of members.slice(1, 3)) await api.members.remove({ org: slug, userId });
	await expect(accept()).rejects.toMatchObject({ reason: 'quota_exceeded' });
	await api.members.remove({ org: slug, userId: members[3]!.id });
	await accept();
	await api.customers.create({ org: slug, name: 'Ada', email: newEmail() });
});
