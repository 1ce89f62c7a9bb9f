import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { drop } from '../drop.ts';

/** Runs one statement on a database, for what no page can do: time that passes, a session that ends elsewhere. */
export async function query(text: string, values: unknown[] = [], url = process.env.DATABASE_URL) {
	const client = await connect(url);
	return client.query(text, values).finally(() => client.end());
}

/** Makes an account, for a server of a test's own whose mail is out of reach. */
export const INSERT_PERSON = 'insert into "user" (email, password_hash, email_verified_at) values ($1, $2, now())';

export async function connect(url = process.env.DATABASE_URL): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	return client;
}

/** An empty database beside that of the run, for a server whose jobs must not meet those of another. */
export async function createDatabase(): Promise<string> {
	const url = new URL(process.env.DATABASE_URL!);
	url.pathname += `_${randomBytes(4).toString('hex')}`;
	await query(`create database ${url.pathname.slice(1)}`);
	return url.href;
}

export async function dropDatabase(url: string): Promise<void> {
	const client = await connect();
	await drop(client, new URL(url).pathname.slice(1)).finally(() => client.end());
}
