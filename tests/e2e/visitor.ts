import { hashPassword } from '../../src/server/auth/password.ts';
import { INSERT_PERSON, query } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { send } from './raw.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Signs somebody new in at a server of a test's own; answers the headers that their browser sends from there on. */
export async function signInAt(origin: string, databaseUrl: string) {
	const email = newEmail();
	await query(INSERT_PERSON, [email, await hashPassword(PASSWORD)], databaseUrl);
	const body = JSON.stringify({ identifier: email, password: PASSWORD });
	const { status, headers } = await send('/trpc/auth.login', { method: 'POST', headers: JSON_TYPE, body }, origin);
	expect(status).toBe(200);
	const cookies = headers['set-cookie']!.map((cookie) => cookie.split(';')[0]!);
	const token = cookies.find((cookie) => cookie.startsWith('csrf_token='))!.slice('csrf_token='.length);
	return { email, headers: { ...JSON_TYPE, Cookie: cookies.join('; '), 'X-CSRF-Token': token } };
}
