import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { connect, createDatabase, dropDatabase } from '../tests/e2e/database.ts';

const EMAIL = 'ada@example.com';
const PASSWORD = 'wandering-teapot-92';

async function createAdmin(databaseUrl: string, typed = '') {
	const env = { ...process.env, DATABASE_URL: databaseUrl };
	const child = spawn(process.execPath, ['db/create-admin.ts', '--email', EMAIL], { env });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stdin.end(typed);
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, output };
}

test('a system admin is made with a password, or promoted without one, unless nobody can sign in to the account', async () => {
	const url = await createDatabase();
	onTestFinished(() => dropDatabase(url));
	expect(await createAdmin(url, 'password\n')).toMatchObject({ code: 1 });
	expect(await createAdmin(url, `${PASSWORD}\n`)).toEqual({
		code: 0,
		output: expect.stringContaining(`${EMAIL} is a sys_admin now. Sign in with the password you gave.`) as string
	});

	const client = await connect(url);
	// Dropping the database ends it.
	client.on('error', () => {});
	const standing = async () =>
		(await client.query<object>('select sys_admin, email_verified_at is not null as verified from "user"')).rows;
	expect(await standing()).toEqual([{ sys_admin: true, verified: true }]);
	await client.query('update "user" set sys_admin = false');
	expect(await createAdmin(url)).toEqual({
		code: 0,
		output: expect.stringContaining(`${EMAIL} is a sys_admin now and keeps their password.`) as string
	});
	expect(await standing()).toMatchObject([{ sys_admin: true }]);

	await client.query('update "user" set sys_admin = false, suspended_at = now()');
	expect(await createAdmin(url)).toEqual({
		code: 1,
		output: expect.stringContaining('nobody can sign in to it') as string
	});
	expect(await standing()).toMatchObject([{ sys_admin: false }]);
	await client.end();
});
