import type { APIRequestContext } from 'playwright/test';
import { variablesFor } from '../../dev-provider.ts';
import { query } from './database.ts';
import { expect } from './fixtures.ts';
import type { Mail } from './mail.ts';
import { ask, call, newEmail, PASSWORD } from './people.ts';
import { fill, routes } from './routes.ts';
import { isQuiet, noteJobs, sealAll } from './seal.ts';
import { test, type Server } from './server.ts';

type Browser = APIRequestContext;
type Tokens = Record<string, string>;

/** A link in a mail: the first word of its path says what it is for, and the last one is its token. */
const LINKS = /\/([a-z-]+)\/([\w-]{43})$/gm;

async function tokensTo(browser: Browser, to: string, kind: string): Promise<Tokens> {
	const found = async () => {
		const mails = (await (await browser.get(`/dev/mail.json?to=${to}`)).json()) as Mail[];
		return Object.fromEntries(
			mails.flatMap(({ text }) => [...text.matchAll(LINKS)].map(([, word, token]) => [word!, token!]))
		);
	};
	await expect.poll(async () => Object.keys(await found())).toContain(kind);
	return found();
}

async function join(browser: Browser, email = newEmail()): Promise<string> {
	await call(browser, 'auth.signup', { email, password: PASSWORD });
	const { verify } = await tokensTo(browser, email, 'verify');
	await call(browser, 'auth.verifyEmail', { token: verify });
	return email;
}

/** Somebody who changed their address, may take that back, and is about to change it again. */
async function move(browser: Browser): Promise<Tokens> {
	const [old, next, last] = [await join(browser), newEmail(), newEmail()];
	await call(browser, 'account.changeEmail', { email: next, password: PASSWORD });
	const confirm = 'confirm-email';
	await call(browser, 'account.confirmEmail', { token: (await tokensTo(browser, next, confirm))[confirm] });
	const undo = await tokensTo(browser, old, 'undo-email');
	await call(browser, 'account.changeEmail', { email: last, password: PASSWORD });
	return { ...undo, ...(await tokensTo(browser, last, confirm)) };
}

/** Somebody who asked for a copy of their data. */
async function copy(browser: Browser): Promise<Tokens> {
	const email = await join(browser);
	await call(browser, 'account.export', {});
	return tokensTo(browser, email, 'export');
}

/** Somebody who deleted their account, and may take that back. */
async function leave(browser: Browser): Promise<Tokens> {
	const email = await join(browser);
	await call(browser, 'account.delete', { confirm: email });
	return tokensTo(browser, email, 'restore');
}

/** An organisation with something of everything, its people, and a link of each kind that still works. */
async function furnish(server: Server, open: () => Promise<Browser>) {
	const [anonymous, member, admin, operator] = [await open(), await open(), await open(), await open()];
	const emails = { member: await join(member), admin: await join(admin), operator: await join(operator) };
	const [{ slug: org }] = await ask<[{ slug: string }]>(admin, 'orgs.list');
	await query(
		`with added as (
			insert into membership (org_id, user_id, role)
			select org.id, "user".id, 'member' from org, "user" where slug = $1 and email = $2
		) update "user" set sys_admin = true where email = $3`,
		[org, emails.member, emails.operator],
		server.databaseUrl
	);
	const { id } = await call<{ id: string }>(admin, 'customers.create', { org, name: 'Ada', email: newEmail() });
	await call(member, 'todos.create', { title: 'Look around' });

	const [signingUp, invited] = [newEmail(), newEmail()];
	await call(anonymous, 'auth.signup', { email: signingUp, password: PASSWORD });
	await call(anonymous, 'password.forgot', { email: emails.member });
	for (const email of [invited, emails.operator])
		await call(admin, 'invitations.create', { org, email, role: 'member' });
	const tokens = {
		...(await move(await open())),
		...(await leave(await open())),
		...(await copy(await open())),
		...(await tokensTo(anonymous, signingUp, 'verify')),
		...(await tokensTo(anonymous, emails.member, 'reset')),
		...(await tokensTo(anonymous, invited, 'invite'))
	};
	return { people: { anonymous, member, admin, operator }, org, id, tokens };
}

type World = Awaited<ReturnType<typeof furnish>>;

/** The address of a page of links ends in a token, and its first word says of which kind. */
const valuesFor = (path: string, { org, id, tokens }: World) => ({
	org,
	id,
	provider: 'google',
	path: 'auth.logout',
	name: 'nobody',
	...(tokens[path.split('/')[1]!] && { token: tokens[path.split('/')[1]!]! })
});

/** Every address there is: pages, their data, doors, and each procedure with each of the tokens. */
async function addresses(world: World): Promise<string[]> {
	const pages = routes.flatMap(({ path, isPage }) => {
		const filled = fill(path, valuesFor(path, world));
		return isPage ? [filled, `${filled === '/' ? '' : filled}/__data.json`] : [filled];
	});
	const { org, id, tokens, people } = world;
	const { procedures } = (await (await people.member.get('/dev/access.json')).json()) as {
		procedures: { path: string }[];
	};
	const inputs = Object.values(tokens).map((token) =>
		JSON.stringify({
			org,
			id,
			token,
			provider: 'google',
			password: PASSWORD,
			confirm: org,
			email: newEmail(),
			title: 'x'
		})
	);
	const calls = procedures.flatMap(({ path }) => [
		`/trpc/${path}`,
		...inputs.map((input) => `/trpc/${path}?input=${encodeURIComponent(input)}`)
	]);
	return [...pages, ...calls, `/auth/oauth/google?intent=link`, '/logout'];
}

const METHODS = ['GET', 'HEAD'];

/** Asks for every address by each of these, eight at a time; the methods and statuses that came. */
async function visitAll(browser: Browser, paths: string[]): Promise<string[]> {
	const seen = new Set<string>();
	const queue = paths.values();
	const work = async () => {
		for (const path of queue) {
			for (const method of METHODS) {
				const response = await browser.fetch(path, { method, maxRedirects: 0 });
				seen.add(`${method} ${response.status()}`);
				await response.dispose();
			}
		}
	};
	await Promise.all(Array.from({ length: 8 }, work));
	return [...seen].sort();
}

test('whoever looks at anything changes nothing', async ({ serve, playwright }) => {
	test.setTimeout(240_000);
	const provider = variablesFor(`http://localhost:${process.env.E2E_PROVIDER_PORT}`);
	const server = await serve({ ...provider, LOG_LEVEL: 'error', RATE_LIMIT_FACTOR: '1000' });
	const world = await furnish(server, () => playwright.request.newContext({ baseURL: server.origin }));
	await expect.poll(() => isQuiet(server.databaseUrl)).toBe(true);
	await noteJobs(server.databaseUrl);
	// Long enough ago to be noted anew.
	await query(`update session set last_seen_at = now() - interval '10 minutes'`, [], server.databaseUrl);
	const before = await sealAll(server.databaseUrl);
	expect(Object.keys(before)).toEqual(
		expect.arrayContaining(['public."user"', 'public.customer', 'public.queued_job'])
	);

	const paths = await addresses(world);
	for (const [who, browser] of Object.entries(world.people)) {
		const statuses = await visitAll(browser, paths);
		const least = METHODS.flatMap((method) => [200, 404, 405].map((status) => `${method} ${status}`));
		expect(statuses, who).toEqual(expect.arrayContaining(least));
		expect(
			statuses.filter((status) => / (429|5..)$/.test(status)),
			who
		).toEqual([]);
		expect(await sealAll(server.databaseUrl), who).toEqual(before);
	}

	await call(world.people.member, 'password.forgot', { email: newEmail() });
	const queued = await sealAll(server.databaseUrl);
	expect(queued['public.queued_job']).not.toBe(before['public.queued_job']);
	await call(world.people.member, 'auth.logout', {});
	expect((await sealAll(server.databaseUrl))['public.session']).not.toBe(before['public.session']);
});
