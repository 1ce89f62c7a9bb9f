import { db } from '#server/db.ts';
import { makeUser, newEmail, PASSWORD, signedUp } from './fixtures.ts';
import { lastToken } from './mailbox.ts';

/** Somebody who signed up, with an organisation of their own. */
export async function arrived(more: { username?: string; firstName?: string; lastName?: string } = {}) {
	const browser = await signedUp(newEmail(), more);
	await browser.api.auth.verifyEmail({ token: await lastToken('verify', browser.email) });
	const { user, orgs } = await browser.api.auth.me();
	return { ...browser, id: user.id, org: orgs[0]!.slug };
}

type Leaver = Pick<Awaited<ReturnType<typeof makeUser>>, 'api' | 'email' | 'id'>;

/** Deletes somebody's account; the token that takes it back. */
export async function departed({ api, email }: Leaver): Promise<string> {
	await api.account.delete({ confirm: email });
	return lastToken('restore', email);
}

/** Lets the days go by in which somebody could come back. */
export async function letTimePass(id: string): Promise<void> {
	const past = new Date(Date.now() - 1000);
	await db.updateTable('restoration').where('userId', '=', id).set({ expiresAt: past }).execute();
	await db.updateTable('user').where('id', '=', id).set({ eraseAfter: past }).execute();
}

export const makeLeaver = () => makeUser({ password: PASSWORD });

export const isThere = async (id: string): Promise<boolean> =>
	(await db.selectFrom('user').where('id', '=', id).select('id').executeTakeFirst()) !== undefined;
