import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { arrived, departed, isThere } from '../../../../tests/departed.ts';
import { logOf, makeKey, makeOrg, makeUser, newBrowser, PASSWORD, race } from '../../../../tests/fixtures.ts';
import { lastMail, lastToken } from '../../../../tests/mailbox.ts';
import { adminPhrase } from '#lib/console.ts';
import { db, transaction } from '../../db.ts';
import { eraseDue } from '../../erasure/service.ts';

const operator = await makeUser({ sysAdmin: true });
const { anonymize } = operator.api.admin.users;

describe('anonymizing', () => {
	test('erases a person at once, with a receipt, and is told in the console’s log by an id', async () => {
		const ada = await arrived({ firstName: 'Ada', username: `a${Date.now()}` });
		const { slug: org, id: orgId } = await makeOrg('org_admin');
		await db.insertInto('membership').values({ orgId, userId: ada.id, role: 'org_admin' }).execute();
		const robot = await makeKey(ada as never, org);
		await operator.api.admin.users.suspend({ userId: ada.id, reason: `${ada.email} sent spam` });
		await operator.api.admin.users.activate({ userId: ada.id });
		expect(await anonymize({ userId: ada.id })).toEqual({ status: 'anonymized' });
		expect(await isThere(ada.id)).toBe(false);
		expect(await ada.api.auth.session()).toBeNull();
		await expect(robot.api.customers.list({ org })).rejects.toMatchObject({ reason: 'unauthenticated' });
		await lastMail(ada.email, /is erased$/);
		await expect(operator.api.admin.users.get({ userId: ada.id })).rejects.toMatchObject({ reason: 'not_found' });
		await expect(anonymize({ userId: ada.id })).rejects.toMatchObject({ reason: 'not_found' });

		const { items } = await operator.api.admin.log.list({ targetId: ada.id });
		expect(items.map(({ action }) => action)).toEqual(['user.anonymized', 'user.activated', 'user.suspended']);
		expect(items[0]).toMatchObject({ actor: { id: operator.id }, target: { id: ada.id, name: 'Deleted person' } });
		expect(items.map(adminPhrase).at(-1)).toBe('suspended Deleted person: (erased)');
		expect((await logOf(orgId)).at(-1)).toMatchObject({ action: 'member.left', actorId: ada.id });
	});

	test('ends the days in which somebody could come back', async () => {
		const ada = await arrived();
		const token = await departed(ada);
		await anonymize({ userId: ada.id });
		await expect(newBrowser().api.account.restore({ token })).rejects.toMatchObject({ reason: 'not_found' });
		expect(await isThere(ada.id)).toBe(false);
	});

	test('says so when a log is held, and is ended by the job', async () => {
		const ada = await arrived();
		await transaction(async (tx) => {
			await sql`lock table audit_log in row exclusive mode`.execute(tx);
			await expect(anonymize({ userId: ada.id })).rejects.toMatchObject({
				reason: 'conflict',
				message: expect.stringContaining('within a minute') as string
			});
		});
		expect(await isThere(ada.id)).toBe(false);
		await eraseDue();
		await lastMail(ada.email, /is erased$/);
	});

	test('leaves oneself, who runs the service, and whom others need', async () => {
		await expect(anonymize({ userId: operator.id })).rejects.toMatchObject({ reason: 'conflict' });
		const other = await makeUser({ sysAdmin: true });
		await expect(anonymize({ userId: other.id })).rejects.toMatchObject({ reason: 'conflict' });
		const { members, name } = await makeOrg('org_admin', 'member');
		await expect(anonymize({ userId: members[0].id })).rejects.toMatchObject({
			reason: 'conflict',
			message: expect.stringContaining(name) as string
		});
		for (const { id } of [other, members[0]]) expect(await isThere(id)).toBe(true);
	});

	test('takes a proof, and an administrator of the service', async () => {
		const ada = await makeUser();
		const late = await makeUser({ sysAdmin: true, provenAt: new Date(Date.now() - 11 * 60 * 1000) });
		const calling = late.api.admin.users.anonymize({ userId: ada.id });
		await expect(calling).rejects.toMatchObject({ reason: 'step_up_required' });
		const { slug, members } = await makeOrg('org_admin', 'member');
		const key = await makeKey(members[0], slug);
		for (const { api } of [...members, key])
			await expect(api.admin.users.anonymize({ userId: ada.id })).rejects.toMatchObject({ reason: 'forbidden' });
		const nobody = newBrowser().api.admin.users.anonymize({ userId: ada.id });
		await expect(nobody).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect(await isThere(ada.id)).toBe(true);
	});

	test('of twenty at once erases once, while its person signs in and takes it back', async () => {
		const ada = await makeUser({ password: PASSWORD });
		const token = await departed(ada);
		const { lost } = await race<unknown>(20, (index) => {
			if (index % 4 === 1) return newBrowser().api.auth.login({ identifier: ada.email, password: PASSWORD });
			return index % 4 === 2 ? newBrowser().api.account.restore({ token }) : anonymize({ userId: ada.id });
		});
		const reasons = new Set(lost.map(({ reason }) => reason));
		expect(
			[...reasons].filter((reason) => !['not_found', 'invalid_credentials', 'rate_limited'].includes(reason!))
		).toEqual([]);
		expect(await isThere(ada.id)).toBe(false);
		const records = db.selectFrom('adminLog').where('targetId', '=', ada.id).select('action');
		expect((await records.execute()).length).toBeGreaterThan(0);
		const receipts = db.selectFrom('erasure').where('userId', '=', ada.id).select('finishedAt');
		expect(await receipts.execute()).toEqual([{ finishedAt: expect.any(Date) as Date }]);
	});

	test('frees the address for a new account', async () => {
		const ada = await arrived();
		await anonymize({ userId: ada.id });
		const again = newBrowser();
		await again.api.auth.signup({ email: ada.email, password: PASSWORD });
		await again.api.auth.verifyEmail({ token: await lastToken('verify', ada.email) });
		expect((await again.api.auth.me()).user.id).not.toBe(ada.id);
	});
});
