import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../tests/fixtures.ts';
import { hashToken } from '../crypto.ts';
import { db } from '../db.ts';
import type { AppError } from '../errors.ts';

const sessionsOf = (userId: string) => db.selectFrom('session').where('userId', '=', userId).selectAll().execute();
const shift = (id: string, set: { lastSeenAt?: Date; expiresAt?: Date; remembered?: boolean }) =>
	db.updateTable('session').where('id', '=', id).set(set).execute();
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

describe('signing in', () => {
	test('works by address in any spelling and by username', async () => {
		const username = `u${Date.now()}`;
		const { email } = await makeUser({ password: PASSWORD, username });
		for (const identifier of [email, ` ${email.toUpperCase()}`, username, username.toUpperCase()]) {
			expect(await newBrowser().api.auth.login({ identifier, password: PASSWORD })).toMatchObject({
				status: 'signed_in'
			});
		}
	});

	test('unknown, wrong and password-less are one answer', async () => {
		const known = await makeUser({ password: PASSWORD });
		const without = await makeUser();
		const answers = await Promise.all(
			[known.email, without.email, newEmail(), 'nobody_here'].map((identifier) =>
				newBrowser()
					.api.auth.login({ identifier, password: 'not-the-password' })
					.catch(({ reason, message }: AppError) => ({ reason, message }))
			)
		);
		expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
		expect(answers[0]).toMatchObject({ reason: 'invalid_credentials' });
	});

	test('makes a new session each time and ends the one this browser had', async () => {
		const { id, email } = await makeUser({ password: PASSWORD });
		const { api, cookies } = newBrowser();
		await api.auth.login({ identifier: email, password: PASSWORD });
		const before = cookies.get('session_id')!;
		await api.auth.login({ identifier: email, password: PASSWORD });
		const ids = (await sessionsOf(id)).map((session) => session.id);
		expect(ids).not.toContain(hashToken(before));
		expect(ids).toContain(hashToken(cookies.get('session_id')!));
	});

	test('keeps the cap when twenty sign in at once, and ends the least recently used', async () => {
		const { id, email, sessionId } = await makeUser({ password: PASSWORD });
		await shift(sessionId, { lastSeenAt: ago(30) });
		const { won } = await race(20, () => newBrowser().api.auth.login({ identifier: email, password: PASSWORD }));
		expect(won).toHaveLength(20);
		const left = await sessionsOf(id);
		expect(left).toHaveLength(5);
		expect(left.map((session) => session.id)).not.toContain(sessionId);
	});

	test('counts dead sessions out before it ends a live one', async () => {
		const { id, email, sessionId } = await makeUser({ password: PASSWORD });
		await shift(sessionId, { lastSeenAt: ago(10_000), remembered: true });
		for (let day = 6; day > 0; day--) {
			await newBrowser().api.auth.login({ identifier: email, password: PASSWORD });
			const idle = db.updateTable('session').where('userId', '=', id).where('remembered', '=', false);
			await idle.set({ lastSeenAt: ago(day * 1440) }).execute();
		}
		expect((await sessionsOf(id)).map((session) => session.id)).toContain(sessionId);
	});

	test('upgrades a hash made with weaker parameters', async () => {
		const { id, email } = await makeUser();
		const weak = await hash(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 });
		await db.updateTable('user').where('id', '=', id).set({ passwordHash: weak }).execute();
		await newBrowser().api.auth.login({ identifier: email, password: PASSWORD });
		const { passwordHash } = await db
			.selectFrom('user')
			.where('id', '=', id)
			.select('passwordHash')
			.executeTakeFirstOrThrow();
		expect(passwordHash).toContain('m=19456,t=2,p=1');
		expect(await newBrowser().api.auth.login({ identifier: email, password: PASSWORD })).toMatchObject({
			status: 'signed_in'
		});
	});

	test('is refused to the suspended, who learn it only with the right password', async () => {
		const { email } = await makeUser({ password: PASSWORD, suspendedAt: new Date() });
		const { api } = newBrowser();
		await expect(api.auth.login({ identifier: email, password: PASSWORD })).rejects.toMatchObject({
			reason: 'suspended'
		});
		await expect(api.auth.login({ identifier: email, password: 'not-the-password' })).rejects.toMatchObject({
			reason: 'invalid_credentials'
		});
	});
});

describe('a session', () => {
	test('is stored as the hash of its cookie', async () => {
		const { id, cookies } = await makeUser();
		const [session] = await sessionsOf(id);
		expect(session!.id).toBe(hashToken(cookies.get('session_id')!));
		expect(JSON.stringify(session)).not.toContain(cookies.get('session_id'));
	});

	test('me requires one, session does not', async () => {
		const { api } = newBrowser();
		expect(await api.auth.session()).toBeNull();
		await expect(api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
		const user = await makeUser();
		expect(await user.api.auth.session()).toEqual(await user.api.auth.me());
	});

	test('shows the highest of a person’s roles', async () => {
		const {
			members: [, reader]
		} = await makeOrg('org_admin', 'readonly');
		expect((await reader.api.auth.me()).user.role).toBe('readonly');
		const {
			members: [admin]
		} = await makeOrg('org_admin');
		expect((await admin.api.auth.me()).user.role).toBe('org_admin');
		expect((await (await makeUser({ sysAdmin: true })).api.auth.me()).user.role).toBe('sys_admin');
	});

	test('ends when its whole life is over', async () => {
		const { api, sessionId } = await makeUser();
		await shift(sessionId, { expiresAt: ago(1), remembered: true });
		expect(await api.auth.session()).toBeNull();
	});

	test('ends after idle time, unless it is remembered', async () => {
		const { api, sessionId } = await makeUser();
		await shift(sessionId, { lastSeenAt: ago(241) });
		expect(await api.auth.session()).toBeNull();
		await shift(sessionId, { remembered: true });
		expect(await api.auth.session()).not.toBeNull();
	});

	test('slides its idle time with one write of twenty requests', async () => {
		const { id, api, sessionId } = await makeUser();
		await shift(sessionId, { lastSeenAt: ago(200) });
		const version = async () => (await sessionsOf(id)).map((row) => row.lastSeenAt.getTime());
		await Promise.all(Array.from({ length: 20 }, () => api.auth.me()));
		const [seen] = await version();
		expect(seen).toBeGreaterThan(ago(1).getTime());
		await api.auth.me();
		expect(await version()).toEqual([seen]);
	});

	test('gets its CSRF token back when the browser lost it', async () => {
		const { api, cookies } = await makeUser();
		const { csrfToken } = await api.auth.me();
		cookies.set('csrf_token', 'signed with a key of long ago', { path: '/' });
		await api.auth.me();
		expect(cookies.get('csrf_token')).toBe(csrfToken);
	});

	test('of somebody suspended does nothing more', async () => {
		const { id, api } = await makeUser();
		await db.updateTable('user').where('id', '=', id).set({ suspendedAt: new Date() }).execute();
		await expect(api.auth.me()).rejects.toMatchObject({ reason: 'suspended' });
		expect(await api.auth.session()).toBeNull();
	});

	test('signing out ends its row and clears the cookies, twice over', async () => {
		const { id, api, cookies } = await makeUser();
		await api.auth.logout();
		expect(await sessionsOf(id)).toEqual([]);
		expect(cookies.get('session_id')).toBeUndefined();
		expect(cookies.get('csrf_token')).toBeUndefined();
		expect(await api.auth.logout()).toEqual({ status: 'signed_out' });
	});
});
