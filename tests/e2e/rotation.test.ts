import { randomBytes } from 'node:crypto';
import { variablesFor } from '../../dev-provider.ts';
import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send, type Answer } from './raw.ts';
import { ending, test, type Server } from './server.ts';

const newKey = () => randomBytes(32).toString('base64');

/** The cookies of a browser, as it brings them all. */
const cookieOf = (answers: Answer[]) =>
	answers.flatMap(({ headers }) => headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]!);

const call = ({ origin }: Server, path: string, input: object, cookies: string[] = [], token = '') => {
	const headers = { 'Content-Type': 'application/json', Cookie: cookies.join('; '), 'X-CSRF-Token': token };
	return send(`/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) }, origin);
};

const pick = (cookies: string[], name: RegExp) => cookies.filter((cookie) => name.test(cookie));

/** How a visit to a provider ends that another server began: in words of `/login?error=`. */
async function endVisit({ origin }: Server, visit: Answer): Promise<string | null> {
	const state = new URL(visit.headers.location!).searchParams.get('state');
	const path = `/auth/oauth/google/callback?error=access_denied&state=${state}`;
	const { headers } = await send(path, { headers: { Cookie: cookieOf([visit]).join('; ') } }, origin);
	return new URL(headers.location ?? '/', origin).searchParams.get('error');
}

const notices = async (databaseUrl: string, state: string) =>
	(await query(`select from mail where template = 'new_device' and ${state}`, [], databaseUrl)).rowCount;

test('a key that was renewed still opens what it sealed, and one that is unknown does not', async ({ serve }) => {
	const [oldest, present, stranger] = [newKey(), newKey(), newKey()];
	const provider = variablesFor(`http://localhost:${process.env.E2E_PROVIDER_PORT}`);
	const settings = { RATE_LIMIT_FACTOR: '0', ...provider };
	// Mail waits here, sealed: nobody takes it.
	const before = await serve({ ...settings, SECRET_KEY: oldest, SMTP_URL: 'smtp://127.0.0.1:9' });
	const { databaseUrl } = before;
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	const signIn = (server: Server, cookies?: string[]) =>
		call(server, 'auth.login', { identifier: email, password: PASSWORD }, cookies);

	const signedIn = await signIn(before);
	await signIn(before);
	const cookies = cookieOf([signedIn]);
	const [token] = pick(cookies, /^csrf_token=/).map((cookie) => cookie.slice('csrf_token='.length));
	const visits = [
		await send('/auth/oauth/google', {}, before.origin),
		await send('/auth/oauth/google', {}, before.origin)
	];
	expect(await notices(databaseUrl, 'sent_at is null')).toBe(1);
	before.child.kill('SIGTERM');
	expect(await ending(before.child)).toBe(0);

	const forgetful = await serve({
		...settings,
		SECRET_KEY: stranger,
		SMTP_URL: 'smtp://127.0.0.1:9',
		DATABASE_URL: databaseUrl
	});
	expect((await call(forgetful, 'account.update', { firstName: 'Ada' }, cookies, token)).status).toBe(403);
	expect(await endVisit(forgetful, visits[0]!)).toBe('oauth_invalid_state');
	await signIn(forgetful, pick(cookies, /^known_device=/));
	expect(await notices(databaseUrl, 'true')).toBe(2);
	forgetful.child.kill('SIGTERM');
	expect(await ending(forgetful.child)).toBe(0);

	await query('update graphile_worker._private_jobs set run_at = now()', [], databaseUrl);
	const after = await serve({
		...settings,
		SECRET_KEY: present,
		SECRET_KEY_PREVIOUS: `${newKey()},${oldest}`,
		DATABASE_URL: databaseUrl
	});
	expect((await call(after, 'account.update', { firstName: 'Ada' }, cookies, token)).status).toBe(200);
	expect(await endVisit(after, visits[1]!)).toBe('oauth_cancelled');
	await signIn(after, pick(cookies, /^known_device=/));
	expect(await notices(databaseUrl, 'true')).toBe(2);
	await expect.poll(() => notices(databaseUrl, 'sent_at is not null')).toBe(1);
});
