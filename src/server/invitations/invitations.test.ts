import { describe, expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newEmail } from '../../../tests/fixtures.ts';
import { invited, nextToken } from '../../../tests/invited.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { hashToken } from '../crypto.ts';
import { db } from '../db.ts';

const DAY = 86_400_000;
const NOBODY = '00000000-0000-4000-8000-000000000000';

const rowOf = (id: string) => db.selectFrom('invitation').where('id', '=', id).selectAll().executeTakeFirst();
const expire = (id: string) =>
	db.updateTable('invitation').where('id', '=', id).set({ expiresAt: new Date() }).execute();

describe('inviting', () => {
	test('mails a link whose hash alone is kept, and writes it down', async () => {
		const { org, admin, id, email, token, expiresAt } = await invited();
		expect(token).toHaveLength(43);
		expect(await rowOf(id)).toMatchObject({
			email,
			tokenHash: hashToken(token),
			invitedBy: admin.id,
			byService: false
		});
		expect(Math.abs(expiresAt.getTime() - Date.now() - 7 * DAY)).toBeLessThan(60_000);
		expect(await logOf(org.id)).toEqual([
			{
				action: 'invitation.created',
				actorKind: 'user',
				actorId: admin.id,
				targetId: id,
				target: email,
				details: { role: 'member' }
			}
		]);
	});

	test('says in the mail who invites, to what, as what and until when, with one link', async () => {
		const org = await makeOrg('org_admin');
		const [admin] = org.members;
		const email = newEmail();
		await admin.api.account.update({ firstName: 'Ada', lastName: 'L. <b>' });
		const { expiresAt } = await admin.api.invitations.create({ org: org.slug, email, role: 'readonly' });
		const { subject, text, html } = await lastMail(email);
		expect(subject).toBe('Ada L. <b> invites you to Acme on Gatehouse');
		expect(text).toContain('Ada L. <b> invites you to join Acme on Gatehouse.');
		expect(text).toContain('Read only');
		expect(text).toContain(`${expiresAt.getUTCFullYear()}`);
		expect(html).not.toContain('<b>');
		const token = await lastToken('invite', email);
		for (const part of [text, html]) {
			const links = new Set(part.match(/https?:\/\/[^"<\s]+/g));
			expect(links).toEqual(new Set([expect.stringMatching(new RegExp(`/invite/${token}$`))]));
		}
	});

	test.for([
		['evil.com', 'evil com invites you'],
		['', 'An administrator invites you']
	])('turns the name “%s” into no link', async ([firstName, words]) => {
		const org = await makeOrg('org_admin');
		const [admin] = org.members;
		const email = newEmail();
		await admin.api.account.update({ firstName });
		await admin.api.invitations.create({ org: org.slug, email, role: 'member' });
		const mail = await lastMail(email);
		expect(mail.subject).toContain(words);
		for (const text of [mail.subject, mail.text, mail.html]) {
			expect(text).not.toContain('evil.com');
			expect(text).not.toContain(admin.email);
		}
	});

	test('lasts as long as the deployment says', async () => {
		const { id, api } = await makeUser({}, { invitationDays: 0.5 });
		const org = await makeOrg('org_admin');
		await db.insertInto('membership').values({ orgId: org.id, userId: id, role: 'org_admin' }).execute();
		const { expiresAt } = await api.invitations.create({ org: org.slug, email: newEmail(), role: 'member' });
		expect(Math.abs(expiresAt.getTime() - Date.now() - DAY / 2)).toBeLessThan(60_000);
	});

	test('again, in whatever capitals, is a conflict that says what to do; so is inviting a member', async () => {
		const { org, admin, other, email } = await invited();
		const again = admin.api.invitations.create({ org: org.slug, email: email.toUpperCase(), role: 'readonly' });
		await expect(again).rejects.toMatchObject({
			reason: 'conflict',
			message: expect.stringContaining('send the invitation again') as string
		});
		const member = admin.api.invitations.create({ org: org.slug, email: other.email, role: 'readonly' });
		await expect(member).rejects.toMatchObject({ reason: 'conflict' });
		expect((await admin.api.invitations.list({ org: org.slug })).total).toBe(1);
	});

	test('again replaces an invitation that is over', async () => {
		const { org, admin, other, id, email, token } = await invited();
		await expire(id);
		await other.api.invitations.create({ org: org.slug, email, role: 'readonly' });
		const { items } = await admin.api.invitations.list({ org: org.slug });
		expect(items).toMatchObject([{ email, role: 'readonly', status: 'pending', invitedBy: other.email }]);
		expect(await nextToken(email, token)).toHaveLength(43);
		await expect(admin.api.invitations.get({ token })).rejects.toMatchObject({ reason: 'not_found' });
	});

	test.for([{ email: 'nobody' }, { role: 'sys_admin' }, { role: 'owner' }])('refuses %j', async (wrong) => {
		const { slug, members } = await makeOrg('org_admin');
		const input = { org: slug, email: newEmail(), role: 'member', ...wrong };
		await expect(members[0].api.invitations.create(input as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});

	test('is for admins alone', async () => {
		const { slug, members } = await makeOrg('member', 'readonly');
		for (const { api } of members) {
			const email = newEmail();
			const attempts = [
				() => api.invitations.create({ org: slug, email, role: 'readonly' }),
				() => api.invitations.createMany({ org: slug, emails: [email], role: 'readonly' }),
				() => api.invitations.list({ org: slug })
			];
			for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ reason: 'forbidden' });
			expect(await mailTo(email)).toEqual([]);
		}
	});
});

test('the list shows what waits, newest first, page by page, and why something cannot be accepted', async () => {
	const org = await makeOrg('org_admin', 'org_admin');
	const [admin, gone] = org.members;
	const emails = [newEmail('one'), newEmail('two'), newEmail('three')];
	const ids: string[] = [];
	for (const [index, email] of emails.entries()) {
		const { api } = index === 1 ? gone : admin;
		ids.push((await api.invitations.create({ org: org.slug, email, role: 'member' })).id);
	}
	await expire(ids[0]!);
	await gone.api.members.leave({ org: org.slug });
	const first = await admin.api.invitations.list({ org: org.slug, limit: 2 });
	expect(first).toMatchObject({
		items: [
			{ id: ids[2], email: emails[2], role: 'member', status: 'pending', invitedBy: admin.email },
			{ id: ids[1], email: emails[1], status: 'inviter_gone', invitedBy: gone.email }
		],
		total: 3
	});
	const second = await admin.api.invitations.list({ org: org.slug, limit: 2, cursor: first.nextCursor! });
	expect(second).toMatchObject({ items: [{ id: ids[0], status: 'expired' }], nextCursor: null, total: null });
	expect(JSON.stringify([first, second])).not.toMatch(/token/i);
});

describe('sending again', () => {
	test('makes another link, kills the one before, and counts anew, in the name of whoever sends', async () => {
		const { org, other, id, email, token } = await invited();
		await expire(id);
		const { expiresAt } = await other.api.invitations.resend({ org: org.slug, id });
		expect(Math.abs(expiresAt.getTime() - Date.now() - 7 * DAY)).toBeLessThan(60_000);
		expect(await rowOf(id)).toMatchObject({ invitedBy: other.id });
		const renewed = await nextToken(email, token);
		await expect(other.api.invitations.get({ token })).rejects.toMatchObject({ reason: 'not_found' });
		expect(await other.api.invitations.get({ token: renewed })).toMatchObject({ email, role: 'member' });
		expect((await logOf(org.id)).at(-1)).toMatchObject({
			action: 'invitation.resent',
			actorId: other.id,
			targetId: id,
			target: email
		});
	});

	test('and revoking say truthfully whether there was anything', async () => {
		const { org, admin, id, token } = await invited();
		const input = { org: org.slug, id };
		expect(await admin.api.invitations.revoke(input)).toEqual({ revoked: true });
		await expect(admin.api.invitations.get({ token })).rejects.toMatchObject({ reason: 'not_found' });
		for (const verb of ['resend', 'revoke'] as const) {
			await expect(admin.api.invitations[verb](input)).rejects.toMatchObject({ reason: 'not_found' });
		}
		expect((await logOf(org.id)).map(({ action }) => action)).toEqual(['invitation.created', 'invitation.revoked']);
	});

	test('or revoking what is another organization’s looks like nothing at all', async () => {
		const theirs = await invited();
		const { slug, members } = await makeOrg('org_admin');
		for (const id of [theirs.id, NOBODY]) {
			for (const verb of ['resend', 'revoke'] as const) {
				const attempt = members[0].api.invitations[verb]({ org: slug, id });
				await expect(attempt).rejects.toMatchObject({ reason: 'not_found' });
			}
		}
		expect(await theirs.admin.api.invitations.get({ token: theirs.token })).toMatchObject({ email: theirs.email });
	});
});
