import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { embeddedDatabase } from '../db/embedded.ts';
import type { Env } from '../src/config.ts';

const password = randomBytes(24).toString('hex');

/** The environment of a deployment without fault, but for its change. */
export const deployment = (DATABASE_URL: string, change: Env = {}): Env => ({
	APP_ENV: 'prod',
	NODE_ENV: 'production',
	PUBLIC_ORIGIN: 'https://app.example.com',
	DATABASE_URL,
	SECRET_KEY: randomBytes(32).toString('base64'),
	TRUSTED_PROXY_HOPS: '1',
	CRON_SECRET: randomBytes(24).toString('hex'),
	SMTP_URL: 'smtps://mail.example.com',
	MAIL_FROM: 'App <app@example.com>',
	...change
});

export async function query(url: string, sql: string) {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	return await client.query(sql).finally(() => client.end());
}

/** The same database for another role. */
export const as = (url: string, username: string, secret = password): string =>
	Object.assign(new URL(url), { username, password: secret }).href;

/** A PostgreSQL server of a test file's own, whose superuser it may be. */
export function ownServer() {
	const server = { url: '', superuser: '' };
	let end: () => Promise<unknown>;
	beforeAll(async () => {
		const folder = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'gatehouse-'));
		await fs.chmod(folder, 0o755);
		const { url, release } = await embeddedDatabase('served', { folder: pathToFileURL(`${folder}/`) });
		const home = await fs.realpath(join(folder, 'postgres'));
		server.url = url;
		server.superuser = as(url, 'postgres', await fs.readFile(join(home, 'secret'), 'utf8'));
		end = async () => {
			await release();
			for (const path of [home, folder]) await fs.rm(path, { recursive: true, force: true });
		};
	});
	afterAll(() => end());

	const name = (kind: string) => `${kind}_${randomBytes(4).toString('hex')}`;
	return {
		server,
		/** The URL of a new database, for the role "gatehouse". */
		emptyDatabase: async (owner = 'gatehouse'): Promise<string> => {
			const database = name('database');
			await query(server.superuser, `create database ${database} owner ${owner}`);
			return Object.assign(new URL(server.url), { pathname: database }).href;
		},
		/** The name of a new role, who is let in by `as`. */
		newRole: async (rights: string): Promise<string> => {
			const role = name('role');
			await query(server.superuser, `create role ${role} login password '${password}' ${rights}`);
			return role;
		},
		/** The database of `url`, for the superuser. */
		asSuperuser: (url: string) => Object.assign(new URL(server.superuser), { pathname: new URL(url).pathname }).href,
		/** SQL of a remedy, as somebody fills it in. */
		filledIn: (sql: string) => sql.replace("'…'", `'${password}'`)
	};
}
