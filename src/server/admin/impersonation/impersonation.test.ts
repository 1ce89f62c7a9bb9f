import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newBrowser, PASSWORD, race } from '../../../../tests/fixtures.ts';
import { db } from '../../db.ts';

const reason = 'Cannot see their invoices';

/** An operator, and somebody with an organisation whom they act as. */
async function acting() {
	const operator = await makeUser({ sysAdmin: true, password: PASSWORD });
	await operator.api.account.update({ firstName: 'Grace', lastName: 'Hopper' });
	const { id: orgId, slug: org, members } = await makeOrg('org_admin');
	const [ada] = members;
	await ada.api.account.update({ firstName: 'Ada', lastName: 'Lovelace' });
	const lent = await operator.api.admin.impersonate({ userId: ada.id, reason });
	return { operator, ada, orgId, org, lent };
}

describe('whoever acts as somebody else', () => {
	test('sees what they see, for half an hour, and is named beside them', async () => {
		const { operator, ada, org, lent } = await acting();
		const me = await operator.api.auth.me();
		expect(me.user).toMatchObject({ id: ada.id, email: ada.email, role: 'org_admin' });
		expect(me.impersonator).toEqual({ id: operator.id, name: 'Grace Hopper', email: operator.email });
		expect(me.orgs).toMatchObject([{ slug: org }]);
		expect(me.csrfToken).toBe(lent.csrfToken);
		expect((await ada.api.auth.me()).impersonator).toBeNull();
		const length = me.session.expiresAt.getTime() - me.session.createdAt.getTime();
		expect(length / 60_000).toBeGreaterThan(29);
		expect(length / 60_000).toBeLessThanOrEqual(30);
	});

	test('changes things in both names: in the log of the organization, in its export, and in the activity', async () => {
		const { operator, ada, orgId, org } = await acting();
		await operator.api.orgs.update({ org, name: 'Engines' });
		await operator.api.account.update({ firstName: 'Augusta' });
		const [entry] = (await ada.api.audit.list({ org })).items;
		expect(entry).toMatchObject({
			action: 'org.updated',
			actor: { id: ada.id, name: 'Augusta Lovelace' },
			impersonator: { id: operator.id, name: 'Grace Hopper' }
		});
		expect(await logOf(orgId)).toMatchObject([{ actorId: ada.id }]);
		const { items } = await ada.api.account.activity();
		const grace = { name: 'Grace Hopper' };
		expect(items).toMatchObject([
			{ action: 'profile.updated', impersonator: grace, ip: '', device: '' },
			{ action: 'session.impersonated', impersonator: grace },
			{ action: 'profile.updated', impersonator: null }
		]);
		expect(JSON.stringify(items)).not.toContain(reason);
	});

	test('shows the person who it is, and not from where', async () => {
		const { operator, ada } = await acting();
		await operator.api.account.update({ firstName: 'Augusta' });
		const { items } = await ada.api.account.activity();
		expect(items.slice(0, 2).map(({ ip, device }) => ip + device)).toEqual(['', '']);
		expect(await ada.api.account.sessions()).toMatchObject([{}, { device: 'Support (Grace Hopper)', ip: '' }]);
	});

	test('acts for that person alone: who signs in there with a password does so themselves', async () => {
		const { operator } = await acting();
		const bob = await makeUser({ password: PASSWORD });
		await operator.api.auth.login({ identifier: bob.email, password: PASSWORD });
		expect((await operator.api.account.activity()).items).toMatchObject([
			{ action: 'session.started', impersonator: null, ip: '192.0.2.1', device: 'Vitest' }
		]);
	});

	test('has said why, in the console’s log', async () => {
		const { operator, ada } = await acting();
		await operator.api.admin.stopImpersonating();
		const { items } = await operator.api.admin.log.list({ targetId: ada.id });
		expect(items).toMatchObject([
			{ action: 'user.impersonation_ended', actor: { id: operator.id }, target: { kind: 'user', id: ada.id } },
			{ action: 'user.impersonated', actor: { id: operator.id }, details: { reason } }
		]);
	});

	test('goes back to their own session, which lived on', async () => {
		const { operator, ada } = await acting();
		expect(await operator.api.admin.stopImpersonating()).toMatchObject({ status: 'stopped' });
		const me = await operator.api.auth.me();
		expect(me).toMatchObject({ user: { id: operator.id, role: 'sys_admin' }, impersonator: null });
		expect((await operator.actor()) as object).toMatchObject({ session: { id: operator.sessionId } });
		expect(await ada.api.account.sessions()).toHaveLength(1);
		expect(operator.cookies.get('operator')).toBeUndefined();
	});

	test('is a session that the person sees for what it is, and can end', async () => {
		const { operator, ada } = await acting();
		const sessions = await ada.api.account.sessions();
		expect(sessions).toMatchObject([{ current: true }, { current: false, device: 'Support (Grace Hopper)' }]);
		expect(await operator.api.account.sessions()).toMatchObject([{ device: 'Support (Grace Hopper)' }, {}]);
		await ada.api.account.revokeSession({ id: sessions[1]!.id });
		await expect(operator.api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
	});

	test('takes no place among the sessions of the person, makes no browser known to them and mails nobody', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const person = await makeUser({ password: PASSWORD });
		const known = operator.cookies.get('known_device');
		await operator.api.admin.impersonate({ userId: person.id, reason });
		expect(operator.cookies.get('known_device')).toBe(known);
		const mails = db.selectFrom('mail').where('to', '=', person.email).select('template');
		expect(await mails.execute()).toEqual([]);
		for (let nth = 0; nth < 4; nth++) {
			await newBrowser().api.auth.login({ identifier: person.email, password: PASSWORD });
		}
		expect(await person.api.account.sessions()).toHaveLength(6);
		expect(await operator.api.auth.session()).toMatchObject({ user: { id: person.id } });
	});

	test('may not change the name that somebody signs in with', async () => {
		const { operator, ada } = await acting();
		const change = operator.api.account.update({ username: 'graces_now' });
		await expect(change).rejects.toMatchObject({ reason: 'impersonating' });
		expect(await ada.api.account.get()).toMatchObject({ username: null, firstName: 'Ada' });
	});

	test('acts as nobody further', async () => {
		const { operator } = await acting();
		const { id: userId } = await makeUser();
		const further = operator.api.admin.impersonate({ userId, reason });
		await expect(further).rejects.toMatchObject({ reason: 'impersonating' });
		await expect(operator.api.admin.log.list()).rejects.toMatchObject({ reason: 'forbidden' });
	});
});

describe('nobody acts as', () => {
	test('a system administrator, oneself, who is suspended or has left, or nobody at all', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const as = (userId: string) => operator.api.admin.impersonate({ userId, reason });
		const colleague = await makeUser({ sysAdmin: true });
		const suspended = await makeUser({ suspendedAt: new Date() });
		const gone = await makeUser();
		await gone.api.account.deactivate();
		await expect(as(colleague.id)).rejects.toMatchObject({ reason: 'forbidden' });
		await expect(as(operator.id)).rejects.toMatchObject({ reason: 'forbidden' });
		await expect(as(suspended.id)).rejects.toMatchObject({ reason: 'conflict' });
		await expect(as(gone.id)).rejects.toMatchObject({ reason: 'conflict' });
		await expect(as(crypto.randomUUID())).rejects.toMatchObject({ reason: 'not_found' });
		expect((await operator.api.admin.log.list({ actorId: operator.id })).items).toEqual([]);
		expect(await operator.api.auth.me()).toMatchObject({ user: { id: operator.id }, impersonator: null });
	});

	test('anybody without a reason and a fresh proof', async () => {
		const { id: userId } = await makeUser();
		const operator = await makeUser({ sysAdmin: true });
		for (const reason of ['', 'ab', ' '.repeat(9), 'a'.repeat(501)]) {
			const call = operator.api.admin.impersonate({ userId, reason });
			await expect(call).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
		const stale = await makeUser({ sysAdmin: true, provenAt: new Date(Date.now() - 11 * 60_000) });
		const call = stale.api.admin.impersonate({ userId, reason });
		await expect(call).rejects.toMatchObject({ reason: 'step_up_required' });
	});

	test('two people at once in one session: of twenty the last stands, and no other', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const people = await Promise.all(Array.from({ length: 20 }, () => makeUser()));
		const own = operator.cookies.get('session_id')!;
		const { won } = await race(20, async (index) => {
			const browser = newBrowser();
			browser.cookies.set('session_id', own);
			await browser.api.admin.impersonate({ userId: people[index]!.id, reason });
			return browser;
		});
		expect(won).toHaveLength(20);
		const sessions = await Promise.all(won.map(({ api }) => api.auth.session()));
		expect(sessions.filter((session) => session !== null)).toHaveLength(1);
	});
});

test('whoever acts for themselves has nothing to stop', async () => {
	const { api } = await makeUser();
	await expect(api.admin.stopImpersonating()).rejects.toMatchObject({ reason: 'conflict' });
});
