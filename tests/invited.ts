import { expect } from 'vitest';
import type { OrgRole } from '#lib/roles.ts';
import { makeOrg, newEmail } from './fixtures.ts';
import { lastToken } from './mailbox.ts';

/** An organisation whose admin has invited an address, and the token that was mailed there. */
export async function invited(email = newEmail('invited'), role: OrgRole = 'member') {
	const org = await makeOrg('org_admin', 'org_admin');
	const [admin, other] = org.members;
	const { id, expiresAt } = await admin.api.invitations.create({ org: org.slug, email, role });
	return { org, admin, other, id, email, expiresAt, token: await lastToken('invite', email) };
}

/** The token of the mail after the one with `before`, once it is there. */
export async function nextToken(to: string, before: string): Promise<string> {
	await expect.poll(() => lastToken('invite', to), { timeout: 10_000 }).not.toBe(before);
	return lastToken('invite', to);
}
