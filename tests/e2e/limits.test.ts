import type { APIResponse, Page } from 'playwright/test';
import { INSERT_PERSON, query } from './database.ts';
import { test } from './deployed.ts';
import { expect, visit } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import type { Server } from './server.ts';
import { hashPassword } from '../../src/server/auth/password.ts';

type Failure = { error: { json: { message: string; data: { reason: string } } } };

const SENTENCE = 'Too many failed login attempts. Please try again later.';

const logIn = ({ origin }: Server, identifier: string, password: string, headers: Record<string, string> = {}) =>
	fetch(`${origin}/trpc/auth.login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', ...headers },
		body: JSON.stringify({ identifier, password })
	});

/** Calls many times at once, each by a header of its own; how often each status was answered. */
async function statuses(times: number, call: (nth: number) => Promise<Response>) {
	const answers = await Promise.all(Array.from({ length: times }, (_, nth) => call(nth)));
	const counted = Map.groupBy(answers, ({ status }) => status);
	return Object.fromEntries([...counted].map(([status, { length }]) => [status, length]));
}

async function person({ databaseUrl }: Server): Promise<string> {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	return email;
}

test('two processes count together, and a refusal says how long to wait', async ({ serve }) => {
	const first = await serve();
	const second = await serve({ DATABASE_URL: first.databaseUrl });
	const [email, canary] = [await person(first), newEmail('canary')];
	const guesses = (identifier: string) =>
		statuses(20, (nth) => logIn(nth % 2 ? first : second, identifier, 'canary-guess'));
	for (const identifier of [email, canary]) expect(await guesses(identifier)).toEqual({ 401: 5, 429: 15 });

	const refused = await logIn(second, email, PASSWORD);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
	expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
	const { error } = (await refused.json()) as Failure;
	expect(error.json).toMatchObject({ message: SENTENCE, data: { reason: 'rate_limited', httpStatus: 429 } });
	for (const { output } of [first, second]) {
		await expect.poll(output).toContain('login.pair');
		expect(output()).not.toContain('canary');
	}
});

test('each call of a batch counts, in whichever process', async ({ serve }) => {
	const first = await serve();
	const second = await serve({ DATABASE_URL: first.databaseUrl });
	const paths = Array<string>(10).fill('auth.config').join();
	let [passed, refused] = [0, 0];
	for (let nth = 0; nth < 40; nth++) {
		const response = await fetch(`${(nth % 2 ? first : second).origin}/trpc/${paths}?batch=1`);
		const calls = (await response.json()) as object[];
		const failures = calls.filter((call): call is Failure => 'error' in call);
		expect(failures.every(({ error }) => error.json.data.reason === 'rate_limited')).toBe(true);
		if (failures.length > 0) expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
		passed += calls.length - failures.length;
		refused += failures.length;
	}
	expect([passed, refused]).toEqual([300, 100]);
});

test('behind a proxy of ours the clients are told apart, whatever they claim', async ({ serve }) => {
	const server = await serve({ TRUSTED_PROXY_HOPS: '1' });
	const forgot = (forwarded: string) =>
		fetch(`${server.origin}/trpc/password.forgot`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwarded },
			body: JSON.stringify({ email: newEmail() })
		});
	expect(await statuses(25, (nth) => forgot(`192.0.2.${nth}, 198.51.100.1`))).toEqual({ 200: 20, 429: 5 });
	expect(await statuses(25, (nth) => forgot(`2001:db8:1:2::${nth}`))).toEqual({ 200: 20, 429: 5 });
	expect(await statuses(3, (nth) => forgot(`2001:db8:1:${nth + 3}::1`))).toEqual({ 200: 3 });
	const malformed = ['', ',', 'localhost', '1.2.3', '999.1.1.1', ':::', '[::1', "'; drop table", 'x'.repeat(4000)];
	const answers = await statuses(27, (nth) => forgot(malformed[nth % malformed.length]!));
	expect(answers).toEqual({ 200: 20, 429: 7 });
});

test('without one the header changes nothing, and one warning says what to set', async ({ serve }) => {
	const server = await serve();
	const email = await person(server);
	const guess = (nth: number) => logIn(server, email, 'wrong', { 'X-Forwarded-For': `198.51.100.${nth}` });
	expect(await statuses(20, guess)).toEqual({ 401: 5, 429: 15 });
	await expect.poll(server.output).toContain('TRUSTED_PROXY_HOPS');
	expect(server.output().split('TRUSTED_PROXY_HOPS')).toHaveLength(2);
});

test('a page is one call; over the limit it says so, and when to come back', async ({ serve, request }) => {
	const { origin } = await serve();
	let answer: APIResponse | undefined;
	for (let nth = 0; nth < 300; nth++) answer = await request.get(`${origin}/forgot`);
	expect(answer!.status()).toBe(200);
	const refused = await request.get(`${origin}/forgot`);
	expect(refused.status()).toBe(429);
	expect(refused.headers()['retry-after']).toMatch(/^[1-9]\d?$/);
	expect(await refused.text()).toContain('Too many requests');
	const door = await request.get(`${origin}/auth/oauth/google`, { maxRedirects: 0 });
	expect([door.status(), door.headers()['retry-after'] !== undefined]).toEqual([429, true]);
});

test('somebody whose browser is known gets in past a stranger’s failures, who behind the same proxy does not', async ({
	deploy,
	page,
	request,
	otherBrowser
}) => {
	const server = await deploy({ TRUSTED_PROXY_HOPS: '0' });
	const email = await person(server);
	const signIn = async (browser: Page) => {
		await visit(browser, `${server.origin}/login`);
		await browser.getByLabel('Email or username').fill(email);
		await browser.getByLabel('Password', { exact: true }).fill(PASSWORD);
		await browser.getByRole('button', { name: 'Sign in' }).click();
	};
	await signIn(page);
	await expect(page).toHaveURL(/\/orgs/);
	const mark = (await page.context().cookies()).find(({ name }) => name === 'known_device')!;
	expect(mark).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
	expect(mark.expires - Date.now() / 1000).toBeGreaterThan(179 * 86_400);
	await page.getByRole('button', { name: 'Account menu' }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await expect(page).not.toHaveURL(/\/orgs/);

	for (let nth = 0; nth < 5; nth++) {
		const data = { identifier: email, password: 'not-the-password' };
		expect((await request.post(`${server.origin}/trpc/auth.login`, { data })).status()).toBe(401);
	}
	const stranger = await otherBrowser();
	await signIn(stranger);
	await expect(stranger.getByText(SENTENCE)).toBeVisible();
	await signIn(page);
	await expect(page).toHaveURL(/\/orgs/);
});
