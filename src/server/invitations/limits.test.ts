import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, newEmail, race } from '../../../tests/fixtures.ts';
import { invited } from '../../../tests/invited.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';
import { settings } from '../settings.ts';

settings.limits.factor = 1;

const addresses = (count: number) => Array.from({ length: count }, () => newEmail('many'));
const pending = async (orgId: string) =>
	(await db.selectFrom('invitation').where('orgId', '=', orgId).select('email').execute()).length;

describe('inviting many', () => {
	test('has an outcome for each address, in the order given', async () => {
		const { org, admin, other, email } = await invited();
		const [first, second] = addresses(2);
		const before = await db.selectFrom('mail').where('to', '=', email).select('id').execute();
		const emails = [first!, 'nobody', email.toUpperCase(), ` ${first!.toUpperCase()}`, other.email, '', second!];
		const outcomes = await admin.api.invitations.createMany({ org: org.slug, emails, role: 'readonly' });
		expect(outcomes).toEqual([
			{ email: first, outcome: 'invited' },
			{ email: 'nobody', outcome: 'invalid' },
			{ email: email.toUpperCase(), outcome: 'already_invited' },
			{ email: ` ${first!.toUpperCase()}`, outcome: 'already_invited' },
			{ email: other.email, outcome: 'already_member' },
			{ email: '', outcome: 'invalid' },
			{ email: second, outcome: 'invited' }
		]);
		for (const to of [first!, second!]) {
			const token = await lastToken('invite', to);
			expect(await admin.api.invitations.get({ token })).toMatchObject({ email: to, role: 'readonly' });
		}
		expect(await db.selectFrom('mail').where('to', '=', email).select('id').execute()).toEqual(before);
		const made = (await logOf(org.id)).filter(({ action }) => action === 'invitation.created');
		expect(made.map(({ target }) => target).sort()).toEqual([email, first, second].sort());
	});

	test('takes fifty at once, and not one more or none', async () => {
		const { id, slug, members } = await makeOrg('org_admin');
		const many = (emails: string[]) => members[0].api.invitations.createMany({ org: slug, emails, role: 'member' });
		for (const emails of [[], addresses(51)]) {
			await expect(many(emails)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
		await expect(many(['a@example.com', 7 as never])).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		expect(await pending(id)).toBe(0);
		expect(await many(['x', 'y'])).toMatchObject([{ outcome: 'invalid' }, { outcome: 'invalid' }]);
		expect(new Set((await many(addresses(50))).map(({ outcome }) => outcome))).toEqual(new Set(['invited']));
		expect(await pending(id)).toBe(50);
	});
});

describe('fifty mails a day', () => {
	const beyond = { reason: 'rate_limited', retryAfter: expect.any(Number) as number };

	test('go to the first who ask; inviting and sending again wait for tomorrow', async () => {
		const { slug, id: orgId, members } = await makeOrg('org_admin');
		const { invitations } = members[0].api;
		const { id } = await invitations.create({ org: slug, email: newEmail(), role: 'member' });
		await invitations.createMany({ org: slug, emails: addresses(46), role: 'member' });
		await invitations.resend({ org: slug, id });
		const last = await invitations.createMany({ org: slug, emails: addresses(4), role: 'member' });
		expect(last.map(({ outcome }) => outcome)).toEqual(['invited', 'invited', 'limit', 'limit']);
		const attempts = [
			() => invitations.create({ org: slug, email: newEmail(), role: 'member' }),
			() => invitations.resend({ org: slug, id })
		];
		for (const attempt of attempts) {
			const { retryAfter } = (await attempt().catch((error: unknown) => error)) as { retryAfter: number };
			await expect(attempt()).rejects.toMatchObject(beyond);
			expect(new Date(Date.now() + retryAfter * 1000).toISOString()).toMatch(/T00:00:0\d/);
		}
		expect(await pending(orgId)).toBe(49);

		const yesterday = new Date(Date.now() - 86_400_000);
		await db.updateTable('invitationCount').where('orgId', '=', orgId).set({ day: yesterday }).execute();
		await invitations.resend({ org: slug, id });
	});

	test('are exactly fifty when all ask at once', async () => {
		const { slug, id, members } = await makeOrg('org_admin', 'org_admin');
		await members[0].api.invitations.createMany({ org: slug, emails: addresses(40), role: 'member' });
		const { won, lost } = await race(20, (index) =>
			members[index % 2]!.api.invitations.create({ org: slug, email: newEmail(), role: 'member' })
		);
		expect(won).toHaveLength(10);
		for (const error of lost) expect(error).toMatchObject(beyond);
		expect(await pending(id)).toBe(50);
	});

	test('of one organization are not another’s', async () => {
		const full = await makeOrg('org_admin');
		await full.members[0].api.invitations.createMany({ org: full.slug, emails: addresses(50), role: 'member' });
		const { slug, members } = await makeOrg('org_admin');
		await members[0].api.invitations.create({ org: slug, email: newEmail(), role: 'member' });
	});
});

test('an address that twenty invite at once is invited once', async () => {
	const { slug, id, members } = await makeOrg('org_admin');
	const email = newEmail();
	const { won, lost } = await race(20, () => members[0].api.invitations.create({ org: slug, email, role: 'member' }));
	expect(won).toHaveLength(1);
	expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['conflict']));
	expect(await pending(id)).toBe(1);
	expect((await logOf(id)).map(({ action }) => action)).toEqual(['invitation.created']);
});
