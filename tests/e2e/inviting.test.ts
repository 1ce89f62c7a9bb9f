import { expect, test, visit } from './fixtures.ts';
import { lastLink } from './mail.ts';
import { call, invite, isIn, newAdmin, newEmail, newPerson, press } from './people.ts';

test('an admin sends an invitation again, and revokes one', async ({ page, otherBrowser }) => {
	const { page: adminPage, org } = await newAdmin(otherBrowser);
	const email = newEmail('again');
	const first = await invite(adminPage, org.slug, email);
	await visit(adminPage, `/orgs/${org.slug}/invitations`);
	const act = async (name: RegExp) => {
		await adminPage.getByRole('row').filter({ hasText: email }).getByRole('button').click();
		await adminPage.getByRole('menuitem', { name }).click();
	};
	await act(/again|resend/i);
	await expect.poll(() => lastLink('invite', email)).not.toBe(first);
	expect((await visit(page, first)).status()).toBe(404);
	const second = await lastLink('invite', email);
	expect((await visit(page, second)).status()).toBe(200);
	await act(/revoke/i);
	await adminPage
		.getByRole('dialog')
		.getByRole('button', { name: /revoke/i })
		.click();
	await expect(adminPage.getByRole('row').filter({ hasText: email })).toBeHidden();
	expect((await visit(page, second)).status()).toBe(404);
});

test('many are invited at once, and each address has its outcome', async ({ otherBrowser }) => {
	const { page, email, org } = await newAdmin(otherBrowser);
	const fresh = newEmail('bulk');
	await visit(page, `/orgs/${org.slug}/invitations`);
	await press(page, 'Invite many');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Addresses').fill(`${fresh}, ${email}\nnobody`);
	await dialog.getByRole('button', { name: 'Send invitations' }).click();
	await expect(dialog).toContainText(/invited/i);
	await expect(dialog).toContainText(/member/i);
	await expect(dialog).toContainText('nobody');
	await lastLink('invite', fresh);
});

test('the inviter who lost the role: refused in words, and another admin sends it again', async ({
	page,
	otherBrowser
}) => {
	const { page: founder, org } = await newAdmin(otherBrowser);
	const inviter = await otherBrowser();
	const inviterEmail = await newPerson(inviter);
	await visit(inviter, await invite(founder, org.slug, inviterEmail, 'org_admin'));
	await press(inviter, 'Accept invitation');
	await isIn(inviter, org.slug);

	const email = await newPerson(page);
	const link = await invite(inviter, org.slug, email);
	await call(inviter.request, 'members.leave', { org: org.slug });
	await visit(page, link);
	await press(page, 'Accept invitation');
	await expect(page.getByRole('alert')).toBeVisible();
	await visit(founder, `/orgs/${org.slug}/invitations`);
	await expect(founder.getByRole('row').filter({ hasText: email })).toContainText('Inviter gone');
	await founder.getByRole('row').filter({ hasText: email }).getByRole('button').click();
	await founder.getByRole('menuitem', { name: /again|resend/i }).click();
	await expect.poll(() => lastLink('invite', email)).not.toBe(link);
	await visit(page, await lastLink('invite', email));
	await press(page, 'Accept invitation');
	await isIn(page, org.slug);
});
