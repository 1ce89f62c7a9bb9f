import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig, type Env } from '../config.ts';
import { FATAL } from './fatal.ts';
import { brokenRules } from './rules.ts';
import { WARNINGS } from './warnings.ts';

const key = () => randomBytes(32).toString('base64');
const published = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').slice(0, 40);

const SAFE: Env = {
	APP_ENV: 'prod',
	NODE_ENV: 'production',
	PUBLIC_ORIGIN: 'https://app.example.com',
	DATABASE_URL: `postgres://gatehouse:${randomBytes(24).toString('hex')}@db:5432/gatehouse`,
	SECRET_KEY: key(),
	TRUSTED_PROXY_HOPS: '1',
	CRON_SECRET: randomBytes(24).toString('hex'),
	SMTP_URL: 'smtps://app:canary-smtp@mail.example.com:465',
	MAIL_FROM: 'App <app@example.com>'
};

/** For each finding, settings that bring it about. */
const PROVOCATIONS: Record<string, Env[]> = {
	secret_key_guessable: [
		{ SECRET_KEY: 'canary'.repeat(6) },
		{ SECRET_KEY: 'x'.repeat(64) },
		{ SECRET_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789' },
		{ SECRET_KEY: Buffer.from('test'.repeat(8)).toString('base64') },
		{ SECRET_KEY: 'qwertyuiopasdfghjklzxcvbnm1234567890' },
		{ SECRET_KEY: 'please-change-me-before-we-all-go-live-1' },
		{ SECRET_KEY: 'our-production-key-Xk29vbQ-Lw81nTz-0045' }
	],
	secret_key_published: [{ SECRET_KEY: published }],
	secret_key_previous_weak: [
		{ SECRET_KEY_PREVIOUS: `${key()},${'canary'.repeat(6)}` },
		{ SECRET_KEY_PREVIOUS: published.replaceAll(',', '') }
	],
	public_origin_plain: [{ PUBLIC_ORIGIN: 'http://app.example.com' }],
	database_password_missing: [
		{ DATABASE_URL: 'postgres://gatehouse@db/gatehouse' },
		{ DATABASE_URL: 'postgres://db/gatehouse?user=gatehouse' },
		{ DATABASE_URL: 'postgres:///gatehouse' }
	],
	database_password_known: [
		{ DATABASE_URL: 'postgres://gatehouse:postgres@db/gatehouse' },
		{ DATABASE_URL: 'postgres://gatehouse:Password123@db/gatehouse' },
		{ DATABASE_URL: 'postgres://gatehouse:ch%61ngeme1@db/gatehouse' },
		{ DATABASE_URL: 'postgres://worker:worker1@db/gatehouse' },
		{ DATABASE_URL: 'postgres://worker@db/gatehouse?password=secret' },
		{ DATABASE_URL: 'postgres://gatehouse:canary-4711-xyz@db/gatehouse?password=postgres' }
	],
	metrics_token_guessable: [{ METRICS_TOKEN: randomBytes(15).toString('hex') }, { METRICS_TOKEN: 'canary'.repeat(6) }],
	csrf_disabled: [{ CSRF_ENABLED: 'false' }],
	rate_limit_changed: [{ RATE_LIMIT_FACTOR: '0' }, { RATE_LIMIT_FACTOR: '0.5' }, { RATE_LIMIT_FACTOR: '100' }],
	cors_origins_any: [{ CORS_ORIGINS: '*' }, { CORS_ORIGINS: 'https://admin.example.com,*' }],
	cors_origins_plain: [{ CORS_ORIGINS: 'https://admin.example.com,http://shop.example.com' }],
	smtp_url_missing: [{ SMTP_URL: '' }, { SMTP_URL: undefined }],
	mail_from_missing: [{ MAIL_FROM: '' }],
	breach_check_url_plain: [{ BREACH_CHECK_URL: 'http://range.example.com' }],
	google_issuer_plain: [{ GOOGLE_ISSUER: 'http://issuer.example.com' }],
	github_url_plain: [{ GITHUB_URL: 'http://github.example.com' }],
	github_api_url_plain: [{ GITHUB_API_URL: 'http://github.example.com' }],
	oidc_issuer_plain: [{ OIDC_ISSUER: 'http://issuer.example.com' }],
	ai_base_url_plain: [
		{ AI_BASE_URL: 'http://models.example.com/v1' },
		{ AI_BASE_URL: 'http://127.example.com/v1' },
		{ AI_BASE_URL: 'http://localhost.example.com/v1' }
	],

	validation_disabled: [{ PRODUCTION_SECURITY_VALIDATION_ENABLED: 'false' }],
	node_env_other: [{ NODE_ENV: undefined }, { NODE_ENV: 'test' }],
	tls_unverified: [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
	trusted_proxy_hops_zero: [{ TRUSTED_PROXY_HOPS: undefined }],
	public_origin_local: [
		{ PUBLIC_ORIGIN: 'https://localhost:3000' },
		{ PUBLIC_ORIGIN: 'https://app.localhost' },
		{ PUBLIC_ORIGIN: 'https://127.0.0.1' },
		{ PUBLIC_ORIGIN: 'https://[::1]:3000' },
		{ PUBLIC_ORIGIN: 'https://[::ffff:7f00:1]' }
	],
	secret_key_previous_set: [{ SECRET_KEY_PREVIOUS: key() }],
	session_timeout_off: [{ SESSION_TIMEOUT_MINUTES: '0' }],
	session_timeout_long: [{ SESSION_TIMEOUT_MINUTES: '480.5' }],
	session_cookie_max_age_long: [{ SESSION_COOKIE_MAX_AGE: '604801' }],
	session_remember_max_age_long: [{ SESSION_REMEMBER_MAX_AGE: '7776001' }],
	cron_secret_missing: [{ CRON_SECRET: '' }],
	cron_secret_guessable: [{ CRON_SECRET: 'canary' }, { CRON_SECRET: 'canary-canary-canary' }],
	password_min_length_short: [{ PASSWORD_MIN_LENGTH: '8' }],
	login_max_attempts_many: [{ LOGIN_MAX_ATTEMPTS: '21' }],
	login_window_minutes_short: [{ LOGIN_WINDOW_MINUTES: '4.5' }],
	breach_check_off: [{ BREACH_CHECK_URL: '' }],
	database_tls_unverified: [
		'sslmode=no-verify',
		'ssl=no-verify',
		'uselibpqcompat=true&sslmode=require',
		'uselibpqcompat=true&sslmode=prefer',
		'sslmode=no-verify&host=127.example.com'
	].map((query) => ({ DATABASE_URL: `${SAFE.DATABASE_URL}?${query}` })),
	smtp_tls_unverified: [
		{ SMTP_URL: `${SAFE.SMTP_URL}?tls.rejectUnauthorized=false` },
		{ SMTP_URL: 'smtp://mail.example.com?requireTLS=true&tls%2ErejectUnauthorized=false' }
	],
	smtp_url_plain: [
		{ SMTP_URL: 'smtp://app:canary-smtp@mail.example.com:587' },
		{ SMTP_URL: 'smtp://mail.example.com?ignoreTLS=true' },
		{ SMTP_URL: 'smtp://127.example.com' }
	],
	invitation_expiry_days_long: [{ INVITATION_EXPIRY_DAYS: '31' }],
	audit_retention_days_short: [{ AUDIT_RETENTION_DAYS: '89' }],
	log_level_quiet: [{ LOG_LEVEL: 'silent' }, { LOG_LEVEL: 'error' }],
	google_client_secret_missing: [{ GOOGLE_CLIENT_ID: 'id' }],
	github_client_secret_missing: [{ GITHUB_CLIENT_ID: 'id' }],
	oidc_client_secret_missing: [{ OIDC_CLIENT_ID: 'id' }]
};

function findingsOf(change: Env) {
	const env = { ...SAFE, ...change };
	return brokenRules(parseConfig(env).config, env);
}

test('a safe deployment breaks no rule', () => {
	expect(findingsOf({})).toEqual([]);
	expect(findingsOf({ SESSION_TIMEOUT_MINUTES: '480', SMTP_URL: 'smtp://localhost:25' })).toEqual([]);
	expect(findingsOf({ AI_BASE_URL: 'http://127.0.0.1:11434/v1' })).toEqual([]);
	expect(findingsOf({ SMTP_URL: 'smtp://mail.example.com?requireTLS=true' })).toEqual([]);
	for (const query of ['sslmode=verify-full', 'sslmode=require', 'sslmode=no-verify&host=/run/postgresql'])
		expect(findingsOf({ DATABASE_URL: `${SAFE.DATABASE_URL}?${query}` })).toEqual([]);
});

test('every rule has a provocation, and speaks of what it asks for in sentences', () => {
	expect(Object.keys(PROVOCATIONS).sort()).toEqual(Object.keys({ ...FATAL, ...WARNINGS }).sort());
	for (const { message, remedy } of Object.values({ ...FATAL, ...WARNINGS })) {
		expect(message).toMatch(/^[A-Z].+\.$/);
		expect(remedy).toMatch(/^[A-Z].+\.$/);
	}
});

const provocations = Object.entries(PROVOCATIONS).flatMap(([id, changes]) =>
	changes.map((change) => [id, change] as const)
);

test.for(provocations)('%s: %o', ([id, change]) => {
	const findings = findingsOf(change);
	expect(findings).toContainEqual(
		expect.objectContaining({ id, level: id in FATAL ? 'fatal' : 'warning', variable: expect.any(String) as string })
	);
	const told = JSON.stringify(findings);
	for (const secret of ['canary', change.SECRET_KEY, change.SECRET_KEY_PREVIOUS, SAFE.SECRET_KEY]) {
		if (secret) expect(told).not.toContain(secret);
	}
});
