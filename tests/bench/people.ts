import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { hashPassword } from '../../src/server/auth/password.ts';

export const PASSWORD = 'wandering-teapot-92';

const PEOPLE = `
	insert into "user" (email, password_hash, email_verified_at)
	select 'bench-' || n || '@example.com', $1, now() from generate_series(1, $2::int) n
	returning id, email`;

const SESSION = `
	insert into session (id, user_id, remembered, ip, device, expires_at)
	values ($1, $2, false, '', '', now() + interval '1 day')`;

type Person = { id: string; email: string };

export type People = { emails: string[]; passwordHash: string; cookies: string[] };

/** People with a session, so many that none of them calls more often than a person may. */
const SIGNED_IN = 100;

/** People who can sign in, and others who have. */
export async function makePeople(count: number): Promise<People> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	try {
		const passwordHash = await hashPassword(PASSWORD);
		const { rows } = await client.query<Person>(PEOPLE, [passwordHash, count + SIGNED_IN]);
		const cookies: string[] = [];
		for (const { id } of rows.splice(0, SIGNED_IN)) {
			const token = randomBytes(32).toString('base64url');
			await client.query(SESSION, [createHash('sha256').update(token).digest('hex'), id]);
			cookies.push(`__Host-session_id=${token}`);
		}
		return { emails: rows.map(({ email }) => email), passwordHash, cookies };
	} finally {
		await client.end();
	}
}
