import type { RequestEvent } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { newBrowser } from '../../tests/fixtures.ts';
import { GET } from '../routes/trpc/[...path]/+server.ts';

test('a batch that is too long is refused in JSON', async () => {
	const { actor, cookies } = newBrowser();
	const calls = Array<string>(11).fill('auth.session').join(',');
	const url = new URL(`http://localhost/trpc/${calls}?batch=1`);
	const event = { request: new Request(url), url, cookies, locals: { actor: await actor() } };
	const answer = await GET(event as unknown as RequestEvent as Parameters<typeof GET>[0]);
	expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/json']);
	expect(await answer.text()).toContain('A batch holds at most 10 calls.');
});

test('an input that nests too deeply is told so, and one with NUL what it holds', async () => {
	const { api } = newBrowser();
	const nested = JSON.parse('['.repeat(30) + ']'.repeat(30)) as never;
	await expect(api.auth.login(nested)).rejects.toThrow('too deeply');
	await expect(api.auth.login({ identifier: 'a\0', password: 'b' })).rejects.toThrow('NUL');
});
