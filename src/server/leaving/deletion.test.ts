import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { arrived, departed, isThere, letTimePass, makeLeaver } from '../../../tests/departed.ts';
import { logOf, makeKey, makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { moved } from '../../../tests/moving.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { deploy, errorOf, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';
import { erase } from '../erasure/service.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const logIn = (identifier: string) => newBrowser().api.auth.login({ identifier, password: PASSWORD });
const unknown = { reason: 'invalid_credentials' };
const gone = { reason: 'not_found' };

describe('a deleted account', () => {
	test('is nobody’s way in from that moment on, until a link takes it back', async () => {
		const ada = await arrived({ username: `u${Date.now()}` });
		const { user } = await ada.api.auth.me();
		await ada.api.password.forgot({ email: ada.email });
		const reset = await lastToken('reset', ada.email);
		const token = await departed(ada);
		expect(await ada.api.auth.session()).toBeNull();
		for (const name of [ada.email, user.username!]) await expect(logIn(name)).rejects.toMatchObject(unknown);
		const resetting = newBrowser().api.password.reset({ token: reset, password: 'four-llamas-at-sea' });
		await expect(resetting).rejects.toMatchObject(gone);
		await newBrowser().api.password.forgot({ email: ada.email });
		const mails = await mailTo(ada.email);
		expect(mails.filter(({ text }) => text.includes('/reset/'))).toHaveLength(1);

		const browser = newBrowser();
		const restoration = await browser.api.account.restoration({ token });
		expect(restoration).toEqual({ email: ada.email, expiresAt: expect.any(Date) as Date });
		expect(restoration.expiresAt.getTime() - Date.now()).toBeGreaterThan(13.9 * 86_400_000);
		expect(restoration.expiresAt.getTime() - Date.now()).toBeLessThan(14 * 86_400_000);
		await browser.api.account.restore({ token });
		expect(await browser.api.auth.session()).toBeNull();
		await lastMail(ada.email, /yours again$/);
		await browser.api.auth.login({ identifier: ada.email, password: PASSWORD });
		expect((await browser.api.auth.me()).user).toMatchObject({ id: ada.id, username: user.username });
		expect((await browser.api.orgs.list()).map(({ slug }) => slug)).toEqual([ada.org]);
		const { items } = await browser.api.account.activity();
		expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['account.deleted', 'account.restored']));
		await expect(browser.api.account.restore({ token })).rejects.toMatchObject(gone);
	});

	test('is told to whom a provider vouches for, and to nobody else', async () => {
		const ada = await makeLeaver();
		const identity = { sub: randomUUID(), email: newEmail(), email_verified: true };
		await visit(ada, 'google', identity, { intent: 'link' });
		await departed(ada);
		const browser = newBrowser();
		expect(errorOf(await visit(browser, 'google', identity))).toBe('oauth_account_deleted');
		expect(await browser.api.auth.session()).toBeNull();
	});

	test('leaves its address to nobody meanwhile, and tells that to its mailbox alone', async () => {
		const ada = await arrived();
		await departed(ada);
		expect(await newBrowser().api.auth.signup({ email: ada.email, password: PASSWORD })).toEqual({
			status: 'check_mail'
		});
		const { text } = await lastMail(ada.email, /tried to sign up/);
		expect(text).toContain('still be taken back');
		expect(text).not.toContain('/verify/');
	});

	test('is led back by the mailbox that it was taken from', async () => {
		const ada = await makeLeaver();
		const { email, undoDone } = await moved(ada, ada.email);
		await departed({ ...ada, email });
		await newBrowser().api.account.undoEmail({ token: undoDone });
		const browser = newBrowser();
		const token = await lastToken('reset', ada.email);
		await browser.api.password.reset({ token, password: 'four-llamas-at-sea' });
		await browser.api.auth.login({ identifier: ada.email, password: 'four-llamas-at-sea' });
		expect((await browser.api.auth.me()).user).toMatchObject({ id: ada.id, email: ada.email });
		const back = newBrowser().api.account.restore({ token: await lastToken('restore', email) });
		await expect(back).rejects.toMatchObject(gone);
	});

	test('is led back by no mailbox once it is to be erased', async () => {
		const ada = await makeLeaver();
		const { email, undoDone } = await moved(ada, ada.email);
		await departed({ ...ada, email });
		await letTimePass(ada.id);
		await newBrowser().api.account.undoEmail({ token: undoDone });
		await erase(ada.id);
		expect(await isThere(ada.id)).toBe(false);
	});

	test('takes its keys along, and the invitations from it and to it', async () => {
		const { slug: org, members } = await makeOrg('org_admin', 'org_admin');
		const [ada, bob] = members;
		const robot = await makeKey(ada, org);
		const [invited, elsewhere] = [newEmail(), await makeOrg('org_admin')];
		await ada.api.invitations.create({ org, email: invited, role: 'member' });
		const sent = await lastToken('invite', invited);
		await elsewhere.members[0].api.invitations.create({ org: elsewhere.slug, email: ada.email, role: 'member' });
		const received = await lastToken('invite', ada.email);
		await departed(ada);

		await expect(robot.api.customers.list({ org })).rejects.toMatchObject({ reason: 'unauthenticated' });
		for (const token of [sent, received])
			await expect(newBrowser().api.invitations.get({ token })).rejects.toMatchObject(gone);
		expect((await bob.api.invitations.list({ org })).items).toEqual([]);
		expect((await bob.api.members.list({ org })).items.map(({ userId }) => userId)).toEqual([bob.id]);
		const [entry] = (await bob.api.audit.list({ org, action: 'invitation.revoked' })).items;
		expect(entry).toMatchObject({ actor: { id: ada.id, name: 'Deleted person' }, target: { name: invited } });
		expect((await logOf(elsewhere.id)).map(({ action }) => action)).toContain('invitation.declined');
	});

	test('takes a proof, and its address typed', async () => {
		const late = await makeUser({ provenAt: new Date(Date.now() - 11 * 60 * 1000) });
		await expect(late.api.account.delete({ confirm: late.email })).rejects.toMatchObject({
			reason: 'step_up_required'
		});
		const ada = await makeUser();
		for (const confirm of ['', 'ada', `x${ada.email}`]) {
			const refused = { reason: 'invalid', fields: { confirm: [`Type ${ada.email} to confirm.`] } };
			await expect(ada.api.account.delete({ confirm })).rejects.toMatchObject(refused);
		}
		await ada.api.account.delete({ confirm: ` ${ada.email.toUpperCase()} ` });
		expect(await ada.api.auth.session()).toBeNull();
	});
});

describe('whoever others need', () => {
	test('hands over first, organization by organization', async () => {
		const ada = await makeUser();
		for (const name of ['Zebra Inc', 'Aardvark Ltd']) {
			const { id, members } = await makeOrg('member', 'org_admin');
			await db.insertInto('membership').values({ orgId: id, userId: ada.id, role: 'org_admin' }).execute();
			await db.updateTable('org').where('id', '=', id).set({ name }).execute();
			await members[1].api.account.deactivate();
		}
		const stranded = [{ name: 'Aardvark Ltd' }, { name: 'Zebra Inc' }];
		expect(await ada.api.account.departure()).toMatchObject({ alone: [], stranded });
		await expect(ada.api.account.delete({ confirm: ada.email })).rejects.toMatchObject({
			reason: 'conflict',
			message: expect.stringMatching(/^Aardvark Ltd and Zebra Inc: /) as string
		});
		expect(await ada.api.auth.session()).not.toBeNull();
	});

	test('of two admins who leave at once, one stays with the others', async () => {
		const { members } = await makeOrg('org_admin', 'org_admin', 'member');
		const { won, lost } = await race(2, (index) =>
			members[index]!.api.account.delete({ confirm: members[index]!.email })
		);
		expect(won).toHaveLength(1);
		expect(lost).toMatchObject([{ reason: 'conflict' }]);
	});
});

test('a link that comes too late says so, before the account is erased and after', async () => {
	const ada = await makeLeaver();
	const token = await departed(ada);
	await letTimePass(ada.id);
	for (let round = 0; round < 2; round++) {
		const { api } = newBrowser();
		await expect(api.account.restoration({ token })).rejects.toMatchObject({ reason: 'expired' });
		await expect(api.account.restore({ token })).rejects.toMatchObject({ reason: 'expired' });
		await erase(ada.id);
	}
	expect(await isThere(ada.id)).toBe(false);
});
