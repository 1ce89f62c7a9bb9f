import { expect, test } from './fixtures.ts';
import { send } from './raw.ts';

const ID = /^[\w-]{8,64}$/;

const ANSWERS: [string, number][] = [
	['/', 200],
	['/login', 200],
	['/favicon.svg', 200],
	['/robots.txt', 200],
	['/health', 200],
	['/ready', 200],
	['/trpc/auth.config', 200],
	['/account', 303],
	['/login/', 308],
	['/account/__data.json', 200],
	['/nothing', 404],
	['/_app/immutable/nothing.js', 404],
	['/verify/nothing', 404],
	['/trpc/nothing', 404],
	['/trpc/auth.login', 405],
	['/%E0%A4%A', 400],
	['/%', 400]
];

for (const [path, status] of ANSWERS) {
	test(`${path} (${status}) has a request id`, async () => {
		const first = await send(path);
		const second = await send(path);
		expect(first.status).toBe(status);
		expect(first.headers['x-request-id']).toMatch(ID);
		expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
	});
}

test('nobody chooses the id of their request', async () => {
	const { headers } = await send('/trpc/nothing', { headers: { 'X-Request-Id': 'mine' } });
	expect(headers['x-request-id']).not.toBe('mine');
});

test('the built files are kept by browsers, pages are not', async () => {
	const { headers, body } = await send('/login');
	expect(headers['cache-control']).toBe('no-store');
	const [file] = /_app\/immutable\/[^"]+\.js/.exec(body) ?? [];
	const asset = await send(`/${file}`);
	expect(asset.headers['cache-control']).toContain('immutable');
	expect(asset.headers['x-request-id']).toMatch(ID);
});

for (const path of ['/', '/login', '/nothing/here', '/dev']) {
	test(`${path} runs the scripts of this answer and no others`, async () => {
		const policies = [await policyOf(path), await policyOf(path)];
		for (const policy of policies) {
			expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]{16,}'/);
			expect(policy).toContain("default-src 'none'");
			expect(policy).toContain("frame-ancestors 'none'");
			expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|data:[^;]*script/);
		}
		expect(policies[0]).not.toBe(policies[1]);
	});
}

const policyOf = async (path: string) => (await send(path)).headers['content-security-policy'] as string;
