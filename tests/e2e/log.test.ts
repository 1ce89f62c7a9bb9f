import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { lastLink, tokenOf } from './mail.ts';
import { call, newEmail } from './people.ts';
import { send } from './raw.ts';

test('what is secret never reaches the log of development', async ({ page }) => {
	const canary = `canary-${newEmail().slice(7, 20)}`;
	const email = newEmail();
	await call(page.request, 'auth.signup', { email, password: canary });
	const token = tokenOf(await lastLink('verify', email));
	await page.request.get(`/verify/${token}`);
	await call(page.request, 'auth.verifyEmail', { token });

	const headers = { 'Content-Type': 'application/json', Cookie: `session_id=${canary}` };
	const body = JSON.stringify({ token: canary, password: canary });
	const { status } = await send(`/trpc/password.reset?mark=${canary}`, { method: 'POST', headers, body });
	expect(status).toBe(404);
	await send(`/reset/${canary}`, { headers });
	await send('/trpc/auth.me', { headers: { Authorization: `Bearer ${canary}` } });

	const cookies = await page.context().cookies();
	const log = () => readFile('test-results/server.log', 'utf8');
	await expect.poll(log).toContain('password.reset');
	for (const secret of [canary, token, ...cookies.map(({ value }) => value)]) expect(await log()).not.toContain(secret);
});
