import { building } from '$app/env';
import { defineEnvVars } from '@sveltejs/kit/env';
import type { z } from 'zod';
import { schemas } from './config.ts';

type Schemas = ReturnType<typeof schemas>;

const declared = schemas();

/** `vite build` runs without the deployment's variables; the server that starts later checks them all. */
const schema =
	<Name extends keyof Schemas>(name: Name) =>
	(value: string | undefined) =>
		(building ? undefined : declared[name].parse(value)) as z.output<Schemas[Name]>;

export const variables = defineEnvVars({
	APP_ENV: { schema: schema('APP_ENV'), description: 'dev, beta or prod' },
	APP_MODE: { schema: schema('APP_MODE'), description: 'b2c: public sign-up; b2b: by invitation only' },
	APP_NAME: { schema: schema('APP_NAME'), description: 'The product’s name, in titles and mail' },
	LOG_LEVEL: { schema: schema('LOG_LEVEL'), description: 'silent, error, warn, info or debug' },
	PUBLIC_ORIGIN: { schema: schema('PUBLIC_ORIGIN'), description: 'Where links, redirects and origin checks start' },
	DATABASE_URL: { schema: schema('DATABASE_URL'), description: 'PostgreSQL connection string' },
	DATABASE_POOL_SIZE: { schema: schema('DATABASE_POOL_SIZE'), description: 'Connections of one process' },
	SECRET_KEY: { schema: schema('SECRET_KEY'), description: 'Signs and seals; at least 32 random bytes' },
	SECRET_KEY_PREVIOUS: { schema: schema('SECRET_KEY_PREVIOUS'), description: 'Older keys that still verify and open' },
	TRUSTED_PROXY_HOPS: {
		schema: schema('TRUSTED_PROXY_HOPS'),
		description: 'Our proxies that append to X-Forwarded-For'
	},
	SESSION_COOKIE_NAME: { schema: schema('SESSION_COOKIE_NAME'), description: 'Prefixed with __Host- outside dev' },
	SESSION_COOKIE_MAX_AGE: {
		schema: schema('SESSION_COOKIE_MAX_AGE'),
		description: 'A session’s whole life, in seconds'
	},
	SESSION_REMEMBER_MAX_AGE: { schema: schema('SESSION_REMEMBER_MAX_AGE'), description: 'The same when remembered' },
	SESSION_TIMEOUT_MINUTES: {
		schema: schema('SESSION_TIMEOUT_MINUTES'),
		description: 'Idle time that ends a session; 0 is off'
	},
	MAX_SESSIONS_PER_USER: { schema: schema('MAX_SESSIONS_PER_USER'), description: 'The least recently used is ended' },
	SESSION_CLEANUP_INTERVAL_MINUTES: {
		schema: schema('SESSION_CLEANUP_INTERVAL_MINUTES'),
		description: 'How often rows that are past are pruned'
	},
	CRON_SECRET: { schema: schema('CRON_SECRET'), description: 'For POST /cron/prune, which is absent without it' },
	CRON_SESSION_RETENTION_DAYS: {
		schema: schema('CRON_SESSION_RETENTION_DAYS'),
		description: 'How long the row of an expired session is kept'
	},
	METRICS_TOKEN: { schema: schema('METRICS_TOKEN'), description: 'For GET /metrics, which is absent without it' },
	OTEL_EXPORTER_OTLP_ENDPOINT: {
		schema: schema('OTEL_EXPORTER_OTLP_ENDPOINT'),
		description: 'Where spans are sent, by OTLP over HTTP; none without it'
	},
	CSRF_ENABLED: { schema: schema('CSRF_ENABLED'), description: 'false is for development alone' },
	LOGIN_MAX_ATTEMPTS: {
		schema: schema('LOGIN_MAX_ATTEMPTS'),
		description: 'Wrong passwords for an account from one address that are too many'
	},
	LOGIN_WINDOW_MINUTES: { schema: schema('LOGIN_WINDOW_MINUTES'), description: '… within so many minutes' },
	RATE_LIMIT_FACTOR: {
		schema: schema('RATE_LIMIT_FACTOR'),
		description: 'Multiplies every limit; 0 turns them off; 1 outside dev'
	},
	CORS_ORIGINS: { schema: schema('CORS_ORIGINS'), description: 'Other origins whose pages may call /trpc and /api/v1' },
	PASSWORD_MIN_LENGTH: { schema: schema('PASSWORD_MIN_LENGTH'), description: 'In characters; 128 is the most' },
	BREACH_CHECK_URL: {
		schema: schema('BREACH_CHECK_URL'),
		description: 'The k-anonymity range service; empty is off in dev'
	},
	INVITATION_EXPIRY_DAYS: { schema: schema('INVITATION_EXPIRY_DAYS'), description: 'How long a link of one works' },
	AUDIT_RETENTION_DAYS: { schema: schema('AUDIT_RETENTION_DAYS'), description: 'How long audit entries are kept' },
	GOOGLE_CLIENT_ID: {
		schema: schema('GOOGLE_CLIENT_ID'),
		description: 'Registered with Google; without it Google is not offered'
	},
	GOOGLE_CLIENT_SECRET: { schema: schema('GOOGLE_CLIENT_SECRET'), description: 'Its secret' },
	GOOGLE_ISSUER: { schema: schema('GOOGLE_ISSUER'), description: 'Where Google’s discovery document is' },
	GITHUB_CLIENT_ID: {
		schema: schema('GITHUB_CLIENT_ID'),
		description: 'Registered with GitHub; without it GitHub is not offered'
	},
	GITHUB_CLIENT_SECRET: { schema: schema('GITHUB_CLIENT_SECRET'), description: 'Its secret' },
	GITHUB_URL: { schema: schema('GITHUB_URL'), description: 'GitHub, or an Enterprise server' },
	GITHUB_API_URL: { schema: schema('GITHUB_API_URL'), description: 'Its API' },
	OIDC_ISSUER: { schema: schema('OIDC_ISSUER'), description: 'Any other OpenID Connect provider, by discovery' },
	OIDC_CLIENT_ID: { schema: schema('OIDC_CLIENT_ID'), description: 'Registered with it' },
	OIDC_CLIENT_SECRET: { schema: schema('OIDC_CLIENT_SECRET'), description: 'Its secret' },
	OIDC_NAME: { schema: schema('OIDC_NAME'), description: 'What its button says after “Continue with”' },
	SMTP_URL: { schema: schema('SMTP_URL'), description: 'The mail server; without one, dev keeps mail at /dev/mail' },
	MAIL_FROM: { schema: schema('MAIL_FROM'), description: 'The sender of every mail' },
	AI_BASE_URL: {
		schema: schema('AI_BASE_URL'),
		description: 'An OpenAI-compatible API; OpenAI’s own with a key alone, the offline model with neither'
	},
	AI_API_KEY: { schema: schema('AI_API_KEY'), description: 'Its key, where it asks for one' },
	AI_MODEL: { schema: schema('AI_MODEL'), description: 'The model there that summarizes' }
});
