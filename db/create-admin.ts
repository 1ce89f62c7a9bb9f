import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Config } from '../src/config.ts';
import { hashPassword, judgePassword } from '../src/server/auth/password.ts';
import { email as emailField, password as passwordField } from '../src/server/fields.ts';
import { runProgram } from './environment.ts';
import { migrate } from './migrate.ts';

const USAGE = 'Usage: npm run create-admin -- --email you@example.com';

/** The first line of standard input; typed in a terminal, it is not shown. */
async function readPassword(): Promise<string> {
	const { stdin, stderr } = process;
	const terminal = stdin.isTTY;
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: stdin, output: silent, terminal });
	if (terminal) stderr.write('Password: ');
	lines.once('SIGINT', () => lines.close());
	const typed = await new Promise<string>((resolve) => lines.once('line', resolve).once('close', () => resolve('')));
	lines.close();
	if (terminal) stderr.write('\n');
	if (!typed) throw new Error('No password was given on standard input.');
	return typed;
}

function parseEmail(): string {
	const { values } = parseArgs({ options: { email: { type: 'string' } } });
	if (!values.email) throw new Error(USAGE);
	const { data, error } = emailField.safeParse(values.email);
	if (!data) throw new Error(`--email: ${error?.issues[0]?.message}`);
	return data;
}

async function askPassword(email: string, config: Config): Promise<string> {
	const { data, error } = passwordField.safeParse(await readPassword());
	if (data === undefined) throw new Error(error?.issues[0]?.message);
	const { PASSWORD_MIN_LENGTH, APP_NAME, BREACH_CHECK_URL } = config;
	await judgePassword(data, email, { minLength: PASSWORD_MIN_LENGTH, appName: APP_NAME, breachUrl: BREACH_CHECK_URL });
	return hashPassword(data);
}

/** Promotes whoever has the address; true when somebody has. */
async function promote(client: pg.Client, email: string): Promise<boolean> {
	const { rows } = await client.query<{ isShut: boolean }>(
		`with known as (
			select id, is_suspended(u) or erase_after is not null as "isShut" from "user" u where email = $1
		), promoted as (
			update "user" set sys_admin = true from known where "user".id = known.id and not "isShut"
		)
		select "isShut" from known`,
		[email]
	);
	if (rows[0]?.isShut)
		throw new Error(`The account of ${email} is suspended, or was deleted: nobody can sign in to it.`);
	return rows.length > 0;
}

/**
 * Makes a verified sys_admin, or promotes somebody who exists and keeps their password.
 * @throws {Error} for an account that nobody can sign in to
 */
async function createAdmin(config: Config): Promise<void> {
	const email = parseEmail();
	await migrate(config.DATABASE_URL);
	const client = new pg.Client({ connectionString: config.DATABASE_URL });
	await client.connect();
	try {
		if (await promote(client, email)) return console.log(`${email} is a sys_admin now and keeps their password.`);
		const passwordHash = await askPassword(email, config);
		await client.query('begin');
		await client.query(
			`insert into "user" (email, password_hash, sys_admin, email_verified_at) values ($1, $2, true, now())
			on conflict (email) do update set sys_admin = true`,
			[email, passwordHash]
		);
		// Whoever waits with a sign-up of this address has not proven that it is theirs.
		await client.query('delete from sign_up where email = $1', [email]);
		await client.query('commit');
		console.log(`${email} is a sys_admin now. Sign in with the password you gave.`);
	} finally {
		await client.end();
	}
}

await runProgram(createAdmin);
