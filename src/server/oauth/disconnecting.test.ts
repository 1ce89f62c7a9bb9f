import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { deploy, visit, type Browser } from '../../../tests/visits.ts';

const google = await startOpenId('google');
const oidc = await startOpenId('oidc');
deploy({ google: google.provider, oidc: oidc.provider });

const newPerson = () => ({ sub: randomUUID(), email: newEmail(), email_verified: true });
const connected = async ({ api }: Browser) => (await api.account.connections()).map(({ provider }) => provider);
const LINK = { intent: 'link' };

test('disconnecting leaves the account, its sessions and its other ways in, and tells the owner', async () => {
	const [user, person] = [await makeUser({ password: PASSWORD }), newPerson()];
	await visit(user, 'google', person, LINK);
	await user.api.account.unlink({ provider: 'google' });
	expect(await connected(user)).toEqual([]);
	await lastMail(user.email, /Google was disconnected/);
	const { items } = await user.api.account.activity();
	expect(items[0]).toMatchObject({ action: 'connection.removed', details: { provider: 'google' } });
	const unlink = user.api.account.unlink({ provider: 'google' });
	await expect(unlink).rejects.toMatchObject({ reason: 'not_found' });
	const browser = newBrowser();
	expect(await visit(browser, 'google', person)).toBe('/orgs');
	expect((await browser.api.auth.me()).user.id).not.toBe(user.id);
});

test('disconnecting never takes the last way in, before there is a password', async () => {
	const browser = newBrowser();
	await visit(browser, 'google', newPerson());
	const unlink = () => browser.api.account.unlink({ provider: 'google' });
	const { lost } = await race(20, unlink);
	expect(lost.map(({ reason }) => reason)).toEqual(Array(20).fill('conflict'));
	await browser.api.password.update({ newPassword: PASSWORD });
	const { won } = await race(20, unlink);
	expect(won).toHaveLength(1);
	expect(await connected(browser)).toEqual([]);
});

test('a provider that is no longer offered is no way in: before a password, the other one stays', async () => {
	const browser = newBrowser();
	await visit(browser, 'google', newPerson());
	await visit(browser, 'oidc', newPerson(), LINK);
	const narrowed = newBrowser({ providers: { google: google.provider } });
	for (const { name, value } of browser.cookies.getAll()) narrowed.cookies.set(name, value, { path: '/' });
	const unlink = (provider: 'google' | 'oidc') => narrowed.api.account.unlink({ provider });
	await expect(unlink('google')).rejects.toMatchObject({ reason: 'conflict' });
	expect(await connected(browser)).toEqual(['google', 'oidc']);
	expect(await unlink('oidc')).toEqual({ status: 'disconnected' });
	await expect(unlink('google')).rejects.toMatchObject({ reason: 'conflict' });
});

test('of two providers that are disconnected at once, twenty times over, one stays', async () => {
	const browser = newBrowser();
	await visit(browser, 'google', newPerson());
	await visit(browser, 'oidc', newPerson(), LINK);
	const { won, lost } = await race(20, (index) =>
		browser.api.account.unlink({ provider: index % 2 ? 'google' : 'oidc' })
	);
	expect(won).toHaveLength(1);
	expect(lost.every(({ reason }) => reason === 'conflict' || reason === 'not_found')).toBe(true);
	expect(await connected(browser)).toHaveLength(1);
});
