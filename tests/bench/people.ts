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

export type People = { emails: string[]; passwordHash: string; cookie: string };

/** People who can sign in, so many that no two sign-ins at once are the same person's, and the session of one. */
export async function makePeople(count: number): Promise<People> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	try {
		const passwordHash = await hashPassword(PASSWORD);
		const { rows } = await client.query<{ id: string; email: string }>(PEOPLE, [passwordHash, count]);
		const token = randomBytes(32).toString('base64url');
		await client.query(SESSION, [createHash('sha256').update(token).digest('hex'), rows[0]!.id]);
		return { emails: rows.map(({ email }) => email), passwordHash, cookie: `__Host-session_id=${token}` };
	} finally {
		await client.end();
	}
}
