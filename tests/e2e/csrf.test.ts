import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send, type Answer, type Question } from './raw.ts';
import { fill, routes } from './routes.ts';
import { DEPLOYED, HOST, test, type Server } from './server.ts';

const OURS = DEPLOYED.PUBLIC_ORIGIN!;
const SHARED = 'https://admin.example.com';
const SETTING = { ...DEPLOYED, LOG_LEVEL: 'error', CORS_ORIGINS: SHARED, CRON_SECRET: 'quiet-lantern-47' };

type Headers = Record<string, string | undefined>;
type Someone = { cookie: string; token: string };

const ask = ({ origin }: Server, method: string, path: string, headers: Headers, body?: Question['body']) =>
	send(path, { method, headers: present({ Host: HOST, Accept: '*/*', ...headers }), body }, origin);

const post = (server: Server, path: string, headers: Headers, body = '{}') => ask(server, 'POST', path, headers, body);

/** Headers but for those that are absent. */
const present = (headers: Headers) =>
	Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));

/** Somebody signed in: the cookies of their browser, and the token of their session. */
async function signIn(server: Server): Promise<Someone> {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], server.databaseUrl);
	const input = JSON.stringify({ identifier: email, password: PASSWORD });
	const answer = await post(server, '/trpc/auth.login', { 'Content-Type': 'application/json' }, input);
	expect(answer.status).toBe(200);
	const { result } = JSON.parse(answer.body) as { result: { data: { json: { csrfToken: string } } } };
	const cookie = answer.headers['set-cookie']!.map((line) => line.split(';')[0]).join('; ');
	return { cookie, token: result.data.json.csrfToken };
}

/** Why an answer refuses, whichever way it says so. */
function reasonOf({ body }: Answer): string | undefined {
	if (!body.startsWith('{')) return undefined;
	type Told = { reason?: string; json?: { data: { reason: string } } };
	const { reason, error } = JSON.parse(body) as Told & { error?: Told };
	return error?.json?.data.reason ?? error?.reason ?? reason;
}

const outcome = (answer: Answer) => `${answer.status} ${reasonOf(answer)}`;

// Every procedure refuses a NUL before it looks at anything else: whatever comes so far was let through.
const BODIES: Record<string, { type?: string; body: string }> = {
	urlencoded: { type: 'application/x-www-form-urlencoded', body: '{"\\u0000":1}=' },
	multipart: {
		type: 'multipart/form-data; boundary=x',
		body: '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'
	},
	text: { type: 'text/plain', body: '{"\\u0000":1}' },
	JSON: { type: 'application/json', body: '{"\\u0000":1}' },
	none: { body: '{"\\u0000":1}' },
	binary: { type: 'application/octet-stream', body: '{"\\u0000":1}' }
};

const ORIGINS: Record<string, string | undefined> = {
	ours: OURS,
	foreign: 'https://evil.example',
	null: 'null',
	absent: undefined,
	sibling: 'https://evil.app.example.com',
	http: 'http://app.example.com'
};

type Attempt = { name: string; path: string; headers: Headers; body: string; due: string };

/** Every way to call a procedure, and what is due to it. */
const attempts = (path: string, { cookie, token }: Someone, stranger: Someone): Attempt[] =>
	Object.entries(BODIES).flatMap(([kind, { type, body }]) =>
		Object.entries(ORIGINS).flatMap(([from, Origin]) =>
			Object.entries({ with: token, without: undefined, foreign: stranger.token }).map(([carrying, given]) => {
				const isOurs = (from === 'ours' || from === 'absent') && carrying === 'with';
				return {
					name: `${path}: ${kind}, ${from} origin, ${carrying} token`,
					path: `/trpc/${path}`,
					headers: { Cookie: cookie, 'Content-Type': type, Origin, 'X-CSRF-Token': given },
					body,
					due: !isOurs ? '403 csrf' : kind === 'JSON' ? '400 invalid' : '415 unsupported_media_type'
				};
			})
		)
	);

/** Sends them all, so many at once; what was not answered as it is due. */
async function wrong(server: Server, all: Attempt[]): Promise<string[]> {
	const surprises: string[] = [];
	const queue = all.values();
	const work = async () => {
		for (const { name, path, headers, body, due } of queue) {
			const got = outcome(await post(server, path, headers, body));
			if (got !== due) surprises.push(`${name}: ${got} instead of ${due}`);
		}
	};
	await Promise.all(Array.from({ length: 16 }, work));
	return surprises;
}

async function mutations(): Promise<string[]> {
	const { procedures } = JSON.parse((await send('/dev/access.json')).body) as {
		procedures: { path: string; type: string }[];
	};
	return procedures.filter(({ type }) => type === 'mutation').map(({ path }) => path);
}

test('every change, in every type of body, from everywhere, with every token', async ({ serve }) => {
	test.setTimeout(180_000);
	const server = await serve(SETTING);
	const [person, stranger] = [await signIn(server), await signIn(server)];
	const paths = await mutations();
	expect(paths.length).toBeGreaterThan(30);
	const all = paths.flatMap((path) => attempts(path, person, stranger));
	expect(all).toHaveLength(paths.length * 6 * 6 * 3);
	expect(await wrong(server, all)).toEqual([]);
	expect((await ask(server, 'GET', '/trpc/auth.me', { Cookie: person.cookie })).status).toBe(200);
});

/** Headers of a change, and whether it counts as ours. */
const SOURCES: [headers: Headers, isOurs: boolean][] = [
	[{ Origin: SHARED }, true],
	[{ Origin: SHARED, 'Sec-Fetch-Site': 'cross-site' }, true],
	[{ Origin: `${OURS}:443` }, false],
	[{ Origin: `${OURS}:8443` }, false],
	[{ Origin: `${OURS}/` }, false],
	[{ Origin: OURS.toUpperCase() }, false],
	[{ Origin: `${OURS}.evil.example` }, false],
	[{ Origin: `${OURS}, https://evil.example` }, false],
	[{ Origin: '' }, false],
	[{ Origin: '*' }, false],
	[{ Origin: 'https://app.example.com.' }, false],
	[{ Origin: 'http://admin.example.com' }, false],
	[{ Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' }, false],
	[{ 'Sec-Fetch-Site': 'same-origin' }, true],
	[{ 'Sec-Fetch-Site': 'same-site' }, true],
	[{ 'Sec-Fetch-Site': 'none' }, true],
	[{ 'Sec-Fetch-Site': 'cross-site' }, false],
	[{ Referer: 'https://evil.example/' }, true]
];

test('whose a change is, signed in or not', async ({ serve }) => {
	const server = await serve(SETTING);
	const { cookie, token } = await signIn(server);
	for (const [headers, isOurs] of SOURCES) {
		const name = JSON.stringify(headers);
		const type = { 'Content-Type': 'application/json' };
		const { body } = BODIES.JSON!;
		const anonymous = await post(server, '/trpc/todos.create', { ...type, ...headers }, body);
		expect(outcome(anonymous), name).toBe(isOurs ? '400 invalid' : '403 csrf');
		const carrying = { ...type, ...headers, Cookie: cookie, 'X-CSRF-Token': token };
		const signedIn = await post(server, '/trpc/todos.create', carrying, body);
		expect(outcome(signedIn), name).toBe(isOurs ? '400 invalid' : '403 csrf');
		const bare = await post(server, '/trpc/todos.create', { ...carrying, 'X-CSRF-Token': undefined }, body);
		expect(outcome(bare), name).toBe('403 csrf');
	}
});

test('what is no procedure, and every door beside them, is refused alike', async ({ serve }) => {
	const server = await serve(SETTING);
	const { cookie, token } = await signIn(server);
	const stranger = await signIn(server);
	const doors = routes.filter(({ path, changes }) => changes.length > 0 && !path.startsWith('/trpc'));
	expect(doors.length).toBeGreaterThan(1);
	const paths = doors.flatMap(({ path, changes }) =>
		changes.map(
			(method) =>
				[method, fill(path, { org: 'acme', provider: 'google', id: 'nothing', path: 'orgs/acme/customers' })] as const
		)
	);
	for (const [method, path] of [...paths, ['POST', '/nothing'], ['POST', '/trpc/nothing']] as const) {
		const reach = async (headers: Headers) => {
			const { type, body } = BODIES.multipart!;
			// Node frames the body of a DELETE only when it is told to.
			const framed = { 'Content-Type': type, 'Content-Length': String(body.length) };
			const all = { ...framed, Cookie: cookie, 'X-CSRF-Token': token, ...headers };
			return outcome(await ask(server, method, path, all, body));
		};
		for (const from of ['foreign', 'null', 'sibling', 'http']) {
			expect(await reach({ Origin: ORIGINS[from] }), `${path} ${from}`).toBe('403 csrf');
			expect(await reach({ Origin: ORIGINS[from], Cookie: undefined }), `${path} ${from}`).toBe('403 csrf');
		}
		if (!/^\/(trpc|api\/v1)\//.test(path)) expect(await reach({ Origin: SHARED }), path).toBe('403 csrf');
		for (const given of [undefined, '', stranger.token, `${token}x`, token.slice(1)]) {
			expect(await reach({ Origin: OURS, 'X-CSRF-Token': given }), `${path} ${given}`).toBe('403 csrf');
		}
		expect(await reach({ Origin: OURS }), path).not.toBe('403 csrf');
	}
});

test('in development it can be turned off, and a change is still JSON', async ({ serve }) => {
	const server = await serve({ CSRF_ENABLED: 'false' });
	const { cookie } = await signIn(server);
	const { JSON: json, urlencoded } = BODIES;
	const headers = { Cookie: cookie, Origin: 'https://evil.example', 'Content-Type': json!.type };
	expect((await post(server, '/trpc/todos.create', headers, '{"title":"From a script"}')).status).toBe(200);
	const form = await post(server, '/trpc/todos.create', { ...headers, 'Content-Type': urlencoded!.type });
	expect(outcome(form)).toBe('415 unsupported_media_type');
});
