import pg from 'pg';
import { expect, test } from 'vitest';
import { DATABASE_URL } from '$app/env/private';
import { newEmail } from '../../tests/fixtures.ts';
import { db, isAway, violates } from './db.ts';

const failure = (work: Promise<unknown>) =>
	work.then(
		() => undefined,
		(error: unknown) => error
	);

test('a database that refuses, or cuts a connection off, is away', async () => {
	const nowhere = new pg.Client({ connectionString: 'postgres://127.0.0.1:1/none' });
	expect(isAway(await failure(nowhere.connect()))).toBe(true);

	const client = new pg.Client({ connectionString: DATABASE_URL });
	client.on('error', () => undefined);
	await client.connect();
	expect(isAway(await failure(client.query('select pg_terminate_backend(pg_backend_pid())')))).toBe(true);
	expect(isAway(await failure(client.query('select 1')))).toBe(true);
});

test('it is the database of this run, not of another one that goes on in the same folder', () => {
	expect(DATABASE_URL).toBe(process.env.DATABASE_URL);
});

test('a database that answers with an error is there', async () => {
	const email = newEmail();
	const insert = () => db.insertInto('user').values({ email }).execute();
	await insert();
	const twice = await failure(insert());
	expect(violates(twice, 'user_email_key')).toBe(true);
	expect(violates(twice, 'user_username_key')).toBe(false);
	expect(isAway(twice)).toBe(false);
	expect(isAway(new Error('anything'))).toBe(false);
});
