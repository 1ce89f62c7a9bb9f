import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { as, deployment, ownServer, query } from '../tests/deployment.ts';
import type { Config, Env } from '../src/config.ts';
import type { Finding } from '../src/rules/finding.ts';
import { DATABASE } from './checks.ts';
import { examine } from './examine.ts';
import { migrate } from './migrate.ts';
import { seed } from './seed.ts';

const { server, emptyDatabase, newRole } = ownServer();

/** For each finding of a database, one that brings it about. */
const PROVOCATIONS: Record<string, () => Env | Promise<Env>> = {
	database_unreachable: () => deployment(as(server.url, 'gatehouse', 'canary-wrong-password')),
	database_role_superuser: () => deployment(server.superuser),
	database_role_bypasses: async () => deployment(as(server.url, await newRole('bypassrls'))),
	database_role_member: async () => deployment(as(server.url, await newRole('in role postgres'))),
	database_role_rights: async () => deployment(as(server.url, await newRole('replication'))),
	database_policies_off: async () => {
		const url = await emptyDatabase();
		await migrate(url);
		await query(url, 'alter table customer no force row level security');
		return deployment(url);
	},
	database_role_powerless: async () => deployment(as(server.url, await newRole(''))),
	demo_people_present: async () => {
		const DATABASE_URL = await emptyDatabase();
		await migrate(DATABASE_URL);
		await seed({ APP_ENV: 'dev', DATABASE_URL } as Config);
		return deployment(DATABASE_URL);
	},
	migrations_fail: async () => {
		const url = await emptyDatabase();
		await migrate(url);
		await query(url, "insert into migration (name, checksum) values ('9999_elsewhere.sql', '')");
		return deployment(url);
	},
	migrations_held_up: async () => {
		const url = await emptyDatabase();
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		onTestFinished(() => client.end());
		await client.query('select pg_advisory_lock(726372)');
		return deployment(url);
	},
	database_unencrypted: () => deployment(`${server.url}?host=0.0.0.0`),
	database_pool_size_large: () => deployment(server.url, { DATABASE_POOL_SIZE: '100' })
};

test('every check of the database has a provocation', () => {
	expect(Object.keys(PROVOCATIONS).sort()).toEqual([...Object.keys(DATABASE), 'database_unreachable'].sort());
});

test.for(Object.keys(PROVOCATIONS))('%s', async (id) => {
	const env = await PROVOCATIONS[id]!();
	const findings = await examine(env, true);
	expect(findings.map((finding) => finding.id)).toContain(id);
	const told = JSON.stringify(findings);
	for (const secret of ['canary', env.SECRET_KEY!, decodeURIComponent(new URL(env.DATABASE_URL!).password)]) {
		expect(told).not.toContain(secret);
	}
});

test('a safe deployment has no finding, before its first migration and after', async () => {
	const url = await emptyDatabase();
	expect(await examine(deployment(url), true)).toEqual([]);
	expect((await query(url, "select from pg_class where relnamespace = 'public'::regnamespace")).rowCount).toBe(0);
	await migrate(url);
	expect(await examine(deployment(url), true)).toEqual([]);
});

test('findings that are fatal are told with warnings in strict mode, and warn when validation is off', async () => {
	const levels = async (change: Env) => {
		const findings = await examine(deployment(server.url, { CSRF_ENABLED: 'false', NODE_ENV: '', ...change }), false);
		return Object.fromEntries(findings.map(({ id, level }) => [id, level]));
	};
	expect(await levels({})).toEqual({ csrf_disabled: 'fatal', node_env_other: 'warning' });
	expect(await levels({ PRODUCTION_SECURITY_STRICT_MODE: 'true' })).toEqual({
		csrf_disabled: 'fatal',
		node_env_other: 'fatal'
	});
	const off = { PRODUCTION_SECURITY_VALIDATION_ENABLED: 'false', PRODUCTION_SECURITY_STRICT_MODE: 'true' };
	const warned = { csrf_disabled: 'warning', node_env_other: 'warning', validation_disabled: 'warning' };
	expect(await levels(off)).toEqual(warned);
	expect(await levels({ ...off, PORT: '70000' })).toEqual({ ...warned, port_invalid: 'fatal' });
});

test('what cannot be read keeps nothing else from being told, in beta as well', async () => {
	const findings = await examine(
		deployment(server.superuser, { APP_ENV: 'beta', PORT: 'canary', CSRF_ENABLED: 'false' }),
		true
	);
	expect(findings.map(({ id }) => id)).toEqual(['port_invalid', 'csrf_disabled', 'database_role_superuser']);
});

describe('npm run check-config', () => {
	async function run(env: Env, ...args: string[]) {
		const program = fileURLToPath(new URL('check-config.ts', import.meta.url));
		const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, ...env } });
		const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
		return { out, err, code: child.exitCode };
	}

	test('lists for people and for programs, and fails with a fatal finding', async () => {
		const unsafe = deployment(server.superuser, { NODE_ENV: '' });
		const { out, err, code } = await run(unsafe, '--json');
		expect([code, err]).toEqual([1, '']);
		expect(JSON.parse(out)).toEqual([
			{
				id: 'database_role_superuser',
				level: 'fatal',
				message: expect.stringMatching(/"postgres".*superuser/) as string,
				remedy: expect.stringContaining('create role gatehouse_') as string,
				variable: 'DATABASE_URL'
			},
			expect.objectContaining({ id: 'node_env_other', level: 'warning', variable: 'NODE_ENV' })
		]);
		const words = await run(unsafe);
		expect(words.code).toBe(1);
		expect(words.out).toMatch(/^ {2}fatal .*superuser[^]*^ {2}warning .*NODE_ENV/m);
	});

	test('is content with warnings, and with nothing', async () => {
		const { out, code } = await run(deployment(server.url, { NODE_ENV: 'test' }), '--json');
		expect([code, (JSON.parse(out) as Finding[]).length]).toEqual([0, 1]);
		expect(await run(deployment(server.url), '--json')).toEqual({ out: '[]\n', err: '', code: 0 });
	});

	test('in development tells only what cannot be read', async () => {
		expect(await run({ APP_ENV: 'dev', CSRF_ENABLED: 'false' }, '--json')).toMatchObject({ out: '[]\n', code: 0 });
		const { out, code } = await run({ APP_ENV: 'dev', SECRET_KEY: 'short', PORT: 'x' }, '--json');
		expect((JSON.parse(out) as Finding[]).map(({ id }) => id)).toEqual(['secret_key_invalid', 'port_invalid']);
		expect(code).toBe(1);
	});

	test('tells that the database is away, without its password', async () => {
		const { out, code } = await run(deployment('postgres://app:canary-4711-xyz@127.0.0.1:1/gone'), '--json');
		expect(code).toBe(1);
		expect((JSON.parse(out) as Finding[]).map(({ id }) => id)).toEqual(['database_unreachable']);
		expect(out).not.toContain('canary');
	});
});
