import { expect, test } from 'vitest';
import { logOf, makeOrg, makeUser, newBrowser } from '../../../tests/fixtures.ts';
import { invited, nextToken } from '../../../tests/invited.ts';
import { lastToken, mailTo } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

const rolesIn = (orgId: string, userId: string) =>
	db.selectFrom('membership').where('orgId', '=', orgId).where('userId', '=', userId).select('role').execute();

test('an admin who sends the invitation of the service again still makes an admin of a reader', async () => {
	const org = await makeOrg('org_admin', 'readonly');
	const [admin, reader] = org.members;
	const sysAdmin = await makeUser({ sysAdmin: true });
	const { id } = await sysAdmin.api.admin.orgs.inviteAdmin({ org: org.slug, email: reader.email });
	const first = await lastToken('invite', reader.email);
	await admin.api.invitations.resend({ org: org.slug, id });
	await reader.api.invitations.accept({ token: await nextToken(reader.email, first) });
	expect(await rolesIn(org.id, reader.id)).toEqual([{ role: 'org_admin' }]);
});

test('what accepting did not change is not told as if it had', async () => {
	const person = await makeUser();
	const { org, token } = await invited(person.email, 'org_admin');
	await db.insertInto('membership').values({ orgId: org.id, userId: person.id, role: 'readonly' }).execute();
	await person.api.invitations.accept({ token });
	expect(await logOf(org.id)).toMatchObject([
		{ action: 'invitation.created' },
		{ action: 'invitation.accepted', details: { already: true } }
	]);
});

test('whoever left does not learn from a decline what the organization is called by now', async () => {
	const { org, admin, other, token } = await invited();
	await other.api.members.remove({ org: org.slug, userId: admin.id });
	await newBrowser().api.invitations.decline({ token });
	expect((await mailTo(admin.email)).map(({ subject }) => subject)).toEqual([]);
});
