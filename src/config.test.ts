import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readConfig, schemas } from './config.ts';

const SECRET = 'x'.repeat(32);
const DEV = { APP_ENV: 'dev', SECRET_KEY: SECRET, DATABASE_URL: 'postgres://localhost/gatehouse' };
const PROD = {
	APP_ENV: 'prod',
	SECRET_KEY: SECRET,
	DATABASE_URL: 'postgresql://app:secret@db:5432/gatehouse',
	PUBLIC_ORIGIN: 'https://app.example.com/',
	SMTP_URL: 'smtps://mail.example.com',
	MAIL_FROM: 'App <app@example.com>'
};

test('development needs next to nothing; a deployment that forgets what it is, is prod', () => {
	expect(readConfig(DEV)).toMatchObject({ PUBLIC_ORIGIN: 'http://localhost:5173', SESSION_TIMEOUT_MINUTES: 240 });
	expect(readConfig({ ...PROD, APP_ENV: undefined })).toMatchObject({
		APP_ENV: 'prod',
		PUBLIC_ORIGIN: 'https://app.example.com'
	});
	expect(readConfig({ ...PROD, APP_ENV: '', APP_MODE: '' })).toMatchObject({ APP_ENV: 'prod', APP_MODE: 'b2c' });
});

test('all that is missing is named at once', () => {
	expect(() => readConfig({})).toThrow(/PUBLIC_ORIGIN is missing[^]*DATABASE_URL is missing[^]*SECRET_KEY is missing/);
});

describe.for([
	['dev', DEV],
	['prod', PROD]
] as const)('in %s', ([, env]) => {
	test.for([
		{ APP_ENV: 'production' },
		{ APP_MODE: 'b2x' },
		{ SECRET_KEY: 'x'.repeat(31) },
		{ SECRET_KEY: '0123456789abcdef0123456789abcdef' },
		{ SECRET_KEY: randomBytes(16).toString('hex') },
		{ SECRET_KEY: randomBytes(31).toString('base64') },
		{ SECRET_KEY: randomUUID() },
		{ SECRET_KEY: Buffer.from('0123456789abcdef'.repeat(2)).toString('base64') },
		{ SECRET_KEY: Buffer.from(randomBytes(16).toString('hex')).toString('base64') },
		{ SECRET_KEY_PREVIOUS: `${SECRET},short` },
		{ DATABASE_URL: 'mysql://localhost/app' },
		{ DATABASE_URL: 'postgres://app:12345/canary@db/app' },
		{ DATABASE_URL: 'postgres://app:12345?canary@db/app' },
		{ DATABASE_URL: 'postgres://app:12345#canary@db/app' },
		{ DATABASE_URL: 'postgres://app:12@345/canary@db/app' },
		{ DATABASE_POOL_SIZE: '0' },
		{ SESSION_COOKIE_MAX_AGE: '-1' },
		{ SESSION_COOKIE_MAX_AGE: '1e12' },
		{ SESSION_TIMEOUT_MINUTES: 'soon' },
		{ SESSION_COOKIE_NAME: 'a=b' },
		{ MAX_SESSIONS_PER_USER: '1.5' },
		{ PASSWORD_MIN_LENGTH: '200' },
		{ CSRF_ENABLED: 'no' },
		{ LOGIN_MAX_ATTEMPTS: '0' },
		{ LOGIN_WINDOW_MINUTES: '0' },
		{ RATE_LIMIT_FACTOR: '-1' },
		{ RATE_LIMIT_FACTOR: 'off' },
		{ PRODUCTION_SECURITY_STRICT_MODE: 'yes' },
		{ PRODUCTION_SECURITY_VALIDATION_ENABLED: 'no' },
		{ CORS_ORIGINS: 'admin.example.com' },
		{ CORS_ORIGINS: 'https://admin.example.com,https://app.example.com/path' },
		{ CORS_ORIGINS: 'https://Admin.example.com' },
		{ CORS_ORIGINS: 'https://admin.example.com:443' },
		{ CORS_ORIGINS: 'https://*.example.com' },
		{ CORS_ORIGINS: 'null' },
		{ CRON_SECRET: 'two words and more' },
		{ METRICS_TOKEN: 'zwei Wörter' },
		{ SESSION_CLEANUP_INTERVAL_MINUTES: '0' },
		{ SESSION_CLEANUP_INTERVAL_MINUTES: '1441' },
		{ CRON_SESSION_RETENTION_DAYS: '-1' },
		{ PUBLIC_ORIGIN: 'https://app.example.com/path' },
		{ SMTP_URL: 'https://mail.example.com' },
		{ PORT: '70000' }
	])('%j is refused by name and without its value', (wrong) => {
		const [[name, value]] = Object.entries(wrong) as [[string, string]];
		const message = (() => {
			try {
				readConfig({ ...env, ...wrong });
			} catch (error) {
				return (error as Error).message;
			}
		})();
		expect(message).toContain(`${name} cannot be used.`);
		if (name.startsWith('SECRET')) expect(message).not.toContain(value);
		expect(message).not.toMatch(/canary|12345/);
	});
});

test('minutes may be a fraction', () => {
	expect(readConfig({ ...DEV, SESSION_TIMEOUT_MINUTES: '0.05' }).SESSION_TIMEOUT_MINUTES).toBe(0.05);
});

test('origins are told apart by commas, and an expired session may be kept for no day', () => {
	const env = {
		CORS_ORIGINS: ' https://a.example.com , https://b.example.com:8443,',
		CRON_SESSION_RETENTION_DAYS: '0'
	};
	expect(readConfig({ ...PROD, ...env })).toMatchObject({
		CORS_ORIGINS: ['https://a.example.com', 'https://b.example.com:8443'],
		CRON_SESSION_RETENTION_DAYS: 0
	});
	expect(readConfig(PROD).CORS_ORIGINS).toEqual([]);
});

test('passwords are held against known breaches, unless somebody says no', () => {
	expect(readConfig(PROD).BREACH_CHECK_URL).toBe('https://api.pwnedpasswords.com/range');
	expect(readConfig({ ...PROD, BREACH_CHECK_URL: '' }).BREACH_CHECK_URL).toBeUndefined();
	expect(readConfig(DEV).BREACH_CHECK_URL).toBeUndefined();
});

test('.env.example and env.ts name every variable', async () => {
	const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
	const declared = await readFile(new URL('./env.ts', import.meta.url), 'utf8');
	const names = Object.keys(schemas(DEV));
	expect([...example.matchAll(/^#(\w+)=/gm)].map(([, name]) => name).sort()).toEqual([...names].sort());
	// The server looks at these before SvelteKit is asked.
	const earlier = new Set([
		'HOST',
		'PORT',
		'NODE_ENV',
		'PRODUCTION_SECURITY_VALIDATION_ENABLED',
		'PRODUCTION_SECURITY_STRICT_MODE'
	]);
	const listed = [...declared.matchAll(/schema\('(\w+)'\)/g)].map(([, name]) => name!);
	expect(listed.sort()).toEqual(names.filter((name) => !earlier.has(name)).sort());
});
