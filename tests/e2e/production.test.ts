import type { OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send, type Answer } from './raw.ts';
import { DEPLOYED, HOST, test as base, type Server } from './server.ts';

const ORIGIN = `https://${HOST}`;

type Letter = { to: string; text: string };
type Deployment = Server & { letters: Letter[] };

/** A server as it is deployed, with a mail server to talk to. */
const test = base.extend<{ deployment: Deployment }>({
	deployment: async ({ serve }, use) => {
		const letters: Letter[] = [];
		const smtp = new SMTPServer({
			disabledCommands: ['AUTH', 'STARTTLS'],
			onData: (stream, session, done) => {
				void readText(stream).then((text) => {
					letters.push({ to: session.envelope.rcptTo[0]!.address, text });
					done();
				});
			}
		});
		const listening = smtp.listen(0, '127.0.0.1');
		await new Promise((resolve) => listening.once('listening', resolve));
		const { port } = listening.address() as AddressInfo;
		const server = await serve({ ...DEPLOYED, SMTP_URL: `smtp://127.0.0.1:${port}` });
		await use({ ...server, letters });
		await new Promise<void>((resolve) => smtp.close(() => resolve()));
	}
});

const readText = async (stream: Readable) => (await PostalMime.parse(await buffer(stream))).text ?? '';

type Call = { cookie?: string; headers?: Record<string, string> };

const get = ({ origin }: Server, path: string, headers: OutgoingHttpHeaders = {}) =>
	send(path, { headers: { Host: HOST, ...headers } }, origin);

const call = ({ origin }: Server, path: string, input: object, { cookie, headers }: Call = {}) =>
	send(
		`/trpc/${path}`,
		{
			method: 'POST',
			headers: { Host: HOST, 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }), ...headers },
			body: JSON.stringify(input)
		},
		origin
	);

const cookiesOf = ({ headers }: Answer) => headers['set-cookie'] ?? [];
const cookiePairs = (answer: Answer) => cookiesOf(answer).map((cookie) => cookie.split(';')[0]!);

/** Signs somebody up and follows the link: the answer that signed them in. */
async function join(deployment: Deployment, email: string, password = PASSWORD): Promise<Answer> {
	const signUp = await call(deployment, 'auth.signup', { email, password });
	expect(signUp.status).toBe(200);
	const letter = () => deployment.letters.find(({ to }) => to === email);
	await expect.poll(letter).toBeDefined();
	const [, token] = new RegExp(`${ORIGIN}/verify/([\\w-]+)`).exec(letter()!.text) ?? [];
	const verified = await call(deployment, 'auth.verifyEmail', { token }, { cookie: cookiePairs(signUp).join('; ') });
	expect(verified.status).toBe(200);
	return verified;
}

test('deployed, mail goes out, and cookies are for https alone', async ({ deployment }) => {
	const verified = await join(deployment, newEmail());
	const cookies = cookiesOf(verified);
	const session = cookies.find((cookie) => cookie.startsWith('__Host-session_id='));
	const attributes = session!
		.split('; ')
		.slice(1)
		.map((attribute) => attribute.split('=')[0]);
	expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age', 'Path', 'SameSite', 'Secure']);
	expect(session).toContain('Path=/;');
	expect(session).toContain('SameSite=Strict');
	const csrf = cookies.find((cookie) => cookie.startsWith('csrf_token='));
	expect(csrf).toContain('Secure');
	expect(csrf).toContain('SameSite=Strict');
	expect(csrf).not.toContain('HttpOnly');

	const me = await get(deployment, '/trpc/auth.me', { Cookie: cookiePairs(verified).join('; ') });
	expect(me.status).toBe(200);
});

test('deployed, no sibling domain can mark a browser as the one that signed up', async ({ deployment }) => {
	const email = newEmail();
	const signUp = await call(deployment, 'auth.signup', { email, password: PASSWORD });
	const [mark] = cookiePairs(signUp).filter((pair) => pair.startsWith('__Host-signup='));
	const letter = () => deployment.letters.find(({ to }) => to === email);
	await expect.poll(letter).toBeDefined();
	const [, token] = /verify\/([\w-]+)/.exec(letter()!.text)!;
	const planted = await call(deployment, 'auth.verifyEmail', { token }, { cookie: mark!.replace('__Host-', '') });
	expect(planted.status).toBe(403);
	expect((await call(deployment, 'auth.verifyEmail', { token }, { cookie: mark! })).status).toBe(200);
});

test('deployed, the pages of development are not there', async ({ deployment }) => {
	for (const path of [
		'/dev',
		'/dev/mail',
		'/dev/mail.json',
		'/dev/access.json',
		'/dev/__data.json',
		'/%64ev/mail.json'
	]) {
		expect((await get(deployment, path)).status, path).toBe(404);
	}
});

test('deployed, only our origin may change things, whatever the proxy is told', async ({ deployment }) => {
	const input = { identifier: newEmail(), password: PASSWORD };
	const forged = { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
	const refused = await call(deployment, 'auth.login', input, { headers: forged });
	expect(refused.status).toBe(403);
	const told = `"requestId":"${String(refused.headers['x-request-id'])}","route":"/trpc/[...path]","reason":"csrf","msg":"request refused"`;
	await expect.poll(deployment.output).toContain(told);
	expect((await call(deployment, 'auth.login', input, { headers: { Origin: ORIGIN } })).status).toBe(401);
});

test('deployed, the log has a JSON line a request with its id, and no secret', async ({ deployment }) => {
	const password = 'canary-password-4711';
	const email = newEmail();
	const verified = await join(deployment, email, password);
	const cookie = [...cookiePairs(verified), 'theme=canary-cookie'].join('; ');
	const headers = { 'X-CSRF-Token': 'canary-csrf' };
	const Authorization = 'Bearer canary-authorization';
	const answers = [
		await call(deployment, 'auth.login', { identifier: email, password: `${password}-wrong` }),
		await call(deployment, 'password.reset', { token: 'canary-token', password }),
		await call(deployment, 'account.update', { firstName: 'Ada' }, { cookie, headers }),
		await get(deployment, '/trpc/auth.me', { Authorization }),
		await get(deployment, '/api/v1/orgs/canary-organization', { Authorization }),
		await get(deployment, '/api/v1/canary-address'),
		await get(deployment, '/verify/canary-path?secret=canary-query', { Cookie: cookie }),
		await call(deployment, 'reset/canary-procedure', {}),
		await get(deployment, '/trpc/auth.session,canary-batch?batch=1')
	];
	expect(answers.map(({ status }) => status)).toEqual([401, 404, 403, 401, 401, 404, 404, 404, 207]);

	const ids = answers.map(({ headers }) => headers['x-request-id'] as string);
	const lines = () =>
		deployment
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'));
	const logged = () => lines().map((line) => (JSON.parse(line) as { requestId?: string }).requestId);
	await expect.poll(logged).toEqual(expect.arrayContaining(ids));
	for (const [route, called] of [
		['/trpc', 'password.reset'],
		['/trpc', '?'],
		['/trpc', 'auth.session,?'],
		['/api/v1', 'orgs.get'],
		['/api/v1', '?']
	])
		expect(deployment.output()).toContain(`"route":"${route}/[...path]","call":"${called}"`);

	const link = deployment.letters.find(({ to }) => to === email)!.text.match(/verify\/([\w-]+)/)![1]!;
	const secrets = ['canary', link, ...cookiePairs(verified).map((pair) => pair.slice(pair.indexOf('=') + 1))];
	for (const secret of secrets) expect(deployment.output()).not.toContain(secret);
});
