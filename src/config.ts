import { z } from 'zod';
import { bytesOf, KEY_BYTES } from './rules/encoding.ts';
import { inWords, type Finding } from './rules/finding.ts';

export const APP_ENVS = ['dev', 'beta', 'prod'] as const;
export const APP_MODES = ['b2c', 'b2b'] as const;

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export type Env = Record<string, string | undefined>;

/** Compose files and dashboards write an unset variable as an empty one. */
const set = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(set, schema.optional());
const fallback = <T extends z.ZodType>(schema: T, value: z.input<T>) =>
	z.preprocess((given) => set(given) ?? value, schema);

const integer = (least: number, most: number) =>
	z.coerce
		.number({ error: `must be a whole number from ${least} to ${most}` })
		.refine(
			(value) => Number.isInteger(value) && value >= least && value <= most,
			`must be a whole number from ${least} to ${most}`
		);
const DAYS = 'must be a number of days, more than 0 and at most 3650';
const days = z.coerce.number({ error: DAYS }).positive(DAYS).max(3650, DAYS);
const KEPT = 'must be a number of days, from 0 to 3650';
const daysOrNone = z.coerce.number({ error: KEPT }).min(0, KEPT).max(3650, KEPT);
const MINUTES = 'must be a number of minutes, from 0 to a year';
const minutes = z.coerce.number({ error: MINUTES }).min(0, MINUTES).max(525_600, MINUTES);
const WINDOW = 'must be a number of minutes, more than 0 and at most a day';
const window = z.coerce.number({ error: WINDOW }).positive(WINDOW).max(1440, WINDOW);
const FACTOR = 'must be a number from 0 to 1000000';
const factor = z.coerce.number({ error: FACTOR }).min(0, FACTOR).max(1e6, FACTOR);
const choice = <const T extends string>(values: readonly T[]) =>
	z.enum(values, { error: `must be one of ${values.join(', ')}` });
const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');
const list = z.string().transform((value) =>
	value
		.split(',')
		.map((item) => item.trim())
		.filter(Boolean)
);
const url = (protocol: RegExp, form: string) => z.url({ protocol, error: `must be ${form}` });

const DATABASE = 'postgres://user:password@host:5432/database';
const ENCODED = `must be ${DATABASE}, with / ? # and @ of the password written %2F %3F %23 and %40`;

/** A password that is not encoded ends early: what follows would count as the name of the database, and be told. */
const database = url(/^postgres(ql)?$/, DATABASE).refine((value) => !/:\/\/[^/?#]*(#|[/?].*[@#])/.test(value), ENCODED);

const SECRET = 'must hold at least 32 random bytes, such as "openssl rand -base64 32" prints';
const secret = z.string({ error: SECRET }).refine((value) => bytesOf(value).length >= KEY_BYTES, SECRET);

/** What a header can carry. */
const VISIBLE = 'must be up to 512 visible characters without spaces';
const headerSecret = z.string({ error: VISIBLE }).regex(/^[!-~]{1,512}$/, VISIBLE);

/** Origins as browsers name them, which is how they are compared: in lower case, without a path or a usual port. */
const ORIGINS = 'must be origins as browsers name them, such as https://admin.example.com, or *';
const isOrigin = (value: string) => /^https?:\/\/[^*]+$/.test(value) && URL.parse(value)?.origin === value;
const origins = list.pipe(z.array(z.string().refine((value) => value === '*' || isOrigin(value), ORIGINS)));

const SENDER = 'must be a sender such as App <app@example.com>';
const sender = z.string({ error: SENDER }).includes('@', { error: SENDER });

/** An origin and nothing more: links are made by appending a path to it. */
const origin = (form: string) =>
	url(/^https?$/, form)
		.refine((value) => URL.parse(value)?.origin === value.replace(/\/$/, ''), `must be ${form}, without a path`)
		.transform((value) => new URL(value).origin);

/** Days after which no browser keeps a cookie, whatever it is told (RFC 6265bis, 400 days), in seconds. */
const COOKIE_LIMIT = 400 * 86_400;

/**
 * Each variable's schema in the given environment; `dev` alone has defaults for what a deployment must decide.
 * They say what the app can read; what is safe to deploy is in rules/.
 */
export function schemas({ APP_ENV }: Env = process.env) {
	const dev = APP_ENV === 'dev';
	const provider = url(/^https?$/, 'the https address of a provider');
	const model = url(/^https?$/, 'the https address of an OpenAI-compatible API');
	return {
		APP_ENV: fallback(choice(APP_ENVS), 'prod'),
		APP_MODE: fallback(choice(APP_MODES), 'b2c'),
		LOG_LEVEL: fallback(choice(LOG_LEVELS), 'info'),
		APP_NAME: fallback(z.string().regex(/^[^\p{Cc}<>]{1,60}$/u, 'must be 1 to 60 printable characters'), 'Gatehouse'),
		PUBLIC_ORIGIN: dev
			? fallback(origin('an origin such as http://localhost:5173'), 'http://localhost:5173')
			: z.preprocess(set, origin('an https origin such as https://app.example.com')),
		DATABASE_URL: z.preprocess(set, database),
		DATABASE_POOL_SIZE: fallback(integer(2, 500), '10'),
		SECRET_KEY: z.preprocess(set, secret),
		SECRET_KEY_PREVIOUS: fallback(list.pipe(z.array(secret)), ''),
		TRUSTED_PROXY_HOPS: fallback(integer(0, 10), '0'),
		SESSION_COOKIE_NAME: fallback(z.string().regex(/^[\w-]{1,64}$/, 'must be letters, digits, _ or -'), 'session_id'),
		SESSION_COOKIE_MAX_AGE: fallback(integer(60, COOKIE_LIMIT), '86400'),
		SESSION_REMEMBER_MAX_AGE: fallback(integer(60, COOKIE_LIMIT), '2592000'),
		SESSION_TIMEOUT_MINUTES: fallback(minutes, '240'),
		MAX_SESSIONS_PER_USER: fallback(integer(1, 1000), '5'),
		SESSION_CLEANUP_INTERVAL_MINUTES: fallback(integer(1, 1440), '15'),
		CRON_SECRET: optional(headerSecret),
		CRON_SESSION_RETENTION_DAYS: fallback(daysOrNone, '7'),
		METRICS_TOKEN: optional(headerSecret),
		OTEL_EXPORTER_OTLP_ENDPOINT: optional(
			url(/^https?$/, 'the address of an OTLP receiver, such as http://localhost:4318')
		),
		INVITATION_EXPIRY_DAYS: fallback(days, '7'),
		AUDIT_RETENTION_DAYS: fallback(days, '365'),
		CSRF_ENABLED: fallback(flag, 'true'),
		LOGIN_MAX_ATTEMPTS: fallback(integer(1, 1000), '5'),
		LOGIN_WINDOW_MINUTES: fallback(window, '15'),
		RATE_LIMIT_FACTOR: fallback(factor, '1'),
		CORS_ORIGINS: fallback(origins, ''),
		PASSWORD_MIN_LENGTH: fallback(integer(8, 64), '12'),
		// The one that may be switched off by leaving it empty.
		BREACH_CHECK_URL: z
			.string()
			.default(dev ? '' : 'https://api.pwnedpasswords.com/range')
			.transform((value) => value || undefined)
			.pipe(url(/^https?$/, 'the https address of a range service, or empty').optional()),
		GOOGLE_CLIENT_ID: optional(z.string()),
		GOOGLE_CLIENT_SECRET: optional(z.string()),
		GOOGLE_ISSUER: fallback(provider, 'https://accounts.google.com'),
		GITHUB_CLIENT_ID: optional(z.string()),
		GITHUB_CLIENT_SECRET: optional(z.string()),
		GITHUB_URL: fallback(provider, 'https://github.com'),
		GITHUB_API_URL: fallback(provider, 'https://api.github.com'),
		OIDC_ISSUER: optional(provider),
		OIDC_CLIENT_ID: optional(z.string()),
		OIDC_CLIENT_SECRET: optional(z.string()),
		OIDC_NAME: fallback(
			z.string().regex(/^[^\p{Cc}<>]{1,40}$/u, 'must be 1 to 40 printable characters'),
			'Single sign-on'
		),
		SMTP_URL: optional(url(/^smtps?$/, 'smtp://user:password@host:587')),
		MAIL_FROM: fallback(sender, 'Gatehouse <gatehouse@localhost>'),
		PRODUCTION_SECURITY_VALIDATION_ENABLED: fallback(flag, 'true'),
		PRODUCTION_SECURITY_STRICT_MODE: fallback(flag, 'false'),
		NODE_ENV: optional(z.string()),
		AI_BASE_URL: optional(model),
		AI_API_KEY: optional(z.string()),
		AI_MODEL: fallback(z.string().regex(/^[^\p{Cc}]{1,100}$/u, 'must be the name of a model'), 'gpt-4.1-mini'),
		HOST: fallback(z.string(), dev ? '127.0.0.1' : '0.0.0.0'),
		PORT: fallback(integer(0, 65_535), '3000')
	};
}

type Schemas = ReturnType<typeof schemas>;
export type Config = z.output<z.ZodObject<Schemas>>;

/** All that cannot be read of the environment, without the values: some of them are secrets. */
export class ConfigError extends Error {
	constructor(problems: Finding[]) {
		super(`The configuration is not usable:\n${inWords(problems)}`);
		this.name = 'ConfigError';
	}
}

/** What can be read of the environment, and a finding for each variable that is missing or malformed. */
export function parseConfig(env: Env): { config: Partial<Config>; problems: Finding[] } {
	const config: Record<string, unknown> = {};
	const problems: Finding[] = [];
	for (const [name, schema] of Object.entries<z.ZodType>(schemas(env))) {
		const { success, data, error } = schema.safeParse(env[name]);
		if (success) config[name] = data;
		else problems.push(problem(name, !env[name], error.issues[0]!.message));
	}
	return { config, problems };
}

const problem = (variable: string, missing: boolean, demand: string): Finding => ({
	id: `${variable.toLowerCase()}_${missing ? 'missing' : 'invalid'}`,
	level: 'fatal',
	message: `${variable} ${missing ? 'is missing' : 'cannot be used'}.`,
	remedy: `It ${demand}.`,
	variable
});

/**
 * The checked configuration.
 * @throws {ConfigError} naming every variable that is missing or malformed
 */
export function readConfig(env: Env): Config {
	const { config, problems } = parseConfig(env);
	if (problems.length) throw new ConfigError(problems);
	return config as Config;
}
