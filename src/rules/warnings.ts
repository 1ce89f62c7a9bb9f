import { targetOf } from './database.ts';
import { isLocal, isLocalHost, type Rule, type Rules } from './rule.ts';
import { isGuessable } from './secrets.ts';

const WORKING_DAY = 8 * 60;
const DAY = 86_400;

const secretless = (provider: 'GOOGLE' | 'GITHUB' | 'OIDC'): Rule => ({
	variable: `${provider}_CLIENT_SECRET`,
	message: `${provider}_CLIENT_ID is set without ${provider}_CLIENT_SECRET: most providers will then refuse each sign-in.`,
	remedy: 'Set the secret that the provider gave with the id.',
	breaks: (config) => !!config[`${provider}_CLIENT_ID`] && !config[`${provider}_CLIENT_SECRET`]
});

const parameter = (url: string, name: string) => new URL(url).searchParams.get(name);

/** What an operator should hear; in strict mode it keeps a deployment from starting, too. */
export const WARNINGS: Rules = {
	validation_disabled: {
		variable: 'PRODUCTION_SECURITY_VALIDATION_ENABLED',
		message: 'PRODUCTION_SECURITY_VALIDATION_ENABLED is false: the server starts with unsafe settings, too.',
		remedy: 'Take it out.',
		breaks: ({ PRODUCTION_SECURITY_VALIDATION_ENABLED: enabled }) => enabled === false
	},
	node_env_other: {
		variable: 'NODE_ENV',
		message: 'NODE_ENV is not production: libraries may be slower, and say more.',
		remedy: 'Set NODE_ENV=production.',
		breaks: ({ NODE_ENV }) => NODE_ENV !== 'production'
	},
	tls_unverified: {
		variable: 'NODE_TLS_REJECT_UNAUTHORIZED',
		message: 'NODE_TLS_REJECT_UNAUTHORIZED is 0: mail, providers and database may be anybody.',
		remedy: 'Take it out, and name the authority that you trust in NODE_EXTRA_CA_CERTS.',
		breaks: (_, { NODE_TLS_REJECT_UNAUTHORIZED: verified }) => verified === '0'
	},
	trusted_proxy_hops_zero: {
		variable: 'TRUSTED_PROXY_HOPS',
		message: 'TRUSTED_PROXY_HOPS is 0: behind a proxy, everybody shares one address, and its limits.',
		remedy: 'Set it to the number of your proxies that append to X-Forwarded-For.',
		breaks: ({ TRUSTED_PROXY_HOPS }) => TRUSTED_PROXY_HOPS === 0
	},
	public_origin_local: {
		variable: 'PUBLIC_ORIGIN',
		message: 'PUBLIC_ORIGIN is an address of this machine: links in mail lead nowhere from another.',
		remedy: 'Give the origin that people type.',
		breaks: ({ PUBLIC_ORIGIN }) => PUBLIC_ORIGIN !== undefined && isLocal(PUBLIC_ORIGIN)
	},
	secret_key_previous_set: {
		variable: 'SECRET_KEY_PREVIOUS',
		message: 'SECRET_KEY_PREVIOUS is set: an older key still verifies and opens.',
		remedy: 'Take it out a month after the change: the sessions and the mail of its time are over then.',
		breaks: ({ SECRET_KEY_PREVIOUS }) => !!SECRET_KEY_PREVIOUS?.length
	},
	session_timeout_off: {
		variable: 'SESSION_TIMEOUT_MINUTES',
		message: 'SESSION_TIMEOUT_MINUTES is 0: a browser left alone stays signed in.',
		remedy: `Set it to ${WORKING_DAY} or less.`,
		breaks: ({ SESSION_TIMEOUT_MINUTES }) => SESSION_TIMEOUT_MINUTES === 0
	},
	session_timeout_long: {
		variable: 'SESSION_TIMEOUT_MINUTES',
		message: 'SESSION_TIMEOUT_MINUTES is over 8 hours: a browser left alone stays signed in past a working day.',
		remedy: `Set it to ${WORKING_DAY} or less.`,
		breaks: ({ SESSION_TIMEOUT_MINUTES = 0 }) => SESSION_TIMEOUT_MINUTES > WORKING_DAY
	},
	session_cookie_max_age_long: {
		variable: 'SESSION_COOKIE_MAX_AGE',
		message: 'SESSION_COOKIE_MAX_AGE is over a week: a stolen session lives as long.',
		remedy: `Set it to ${7 * DAY} or less; whoever wants to stay asks to be remembered.`,
		breaks: ({ SESSION_COOKIE_MAX_AGE = 0 }) => SESSION_COOKIE_MAX_AGE > 7 * DAY
	},
	session_remember_max_age_long: {
		variable: 'SESSION_REMEMBER_MAX_AGE',
		message: 'SESSION_REMEMBER_MAX_AGE is over 90 days: a stolen session lives as long.',
		remedy: `Set it to ${90 * DAY} or less.`,
		breaks: ({ SESSION_REMEMBER_MAX_AGE = 0 }) => SESSION_REMEMBER_MAX_AGE > 90 * DAY
	},
	cron_secret_missing: {
		variable: 'CRON_SECRET',
		message: 'CRON_SECRET is missing: where processes sleep while nobody calls, nothing prunes what is past.',
		remedy: 'Set it to what "openssl rand -hex 24" prints, and let the platform call POST /cron/prune.',
		breaks: (_, { CRON_SECRET }) => !CRON_SECRET
	},
	cron_secret_guessable: {
		variable: 'CRON_SECRET',
		message: 'CRON_SECRET is short or can be guessed: anybody could make the database prune, over and over.',
		remedy: 'Set it to what "openssl rand -hex 24" prints.',
		breaks: ({ CRON_SECRET }) => CRON_SECRET !== undefined && (CRON_SECRET.length < 16 || isGuessable(CRON_SECRET))
	},
	password_min_length_short: {
		variable: 'PASSWORD_MIN_LENGTH',
		message: 'PASSWORD_MIN_LENGTH is under 12.',
		remedy: 'Take it out, or set it to 12 or more.',
		breaks: ({ PASSWORD_MIN_LENGTH = 12 }) => PASSWORD_MIN_LENGTH < 12
	},
	login_max_attempts_many: {
		variable: 'LOGIN_MAX_ATTEMPTS',
		message: 'LOGIN_MAX_ATTEMPTS is over 20, past which the hourly limit of an account alone holds guessing back.',
		remedy: 'Take it out, or set it to 20 or less.',
		breaks: ({ LOGIN_MAX_ATTEMPTS = 0 }) => LOGIN_MAX_ATTEMPTS > 20
	},
	login_window_minutes_short: {
		variable: 'LOGIN_WINDOW_MINUTES',
		message: 'LOGIN_WINDOW_MINUTES is under 5: who waits a little may guess on.',
		remedy: 'Take it out, or set it to 5 or more.',
		breaks: ({ LOGIN_WINDOW_MINUTES = 5 }) => LOGIN_WINDOW_MINUTES < 5
	},
	breach_check_off: {
		variable: 'BREACH_CHECK_URL',
		message: 'BREACH_CHECK_URL is empty: passwords known from breaches are accepted.',
		remedy: 'Take it out, or name a range service of your own; it is asked for five characters of a hash.',
		breaks: ({ BREACH_CHECK_URL }, env) => !BREACH_CHECK_URL && env.BREACH_CHECK_URL === ''
	},
	database_tls_unverified: {
		variable: 'DATABASE_URL',
		message:
			'DATABASE_URL turns off a check of the certificate: another machine could pass itself off as the database.',
		remedy: 'Use ?sslmode=verify-full, with the certificate of its authority in ?sslrootcert=… if that is your own.',
		breaks: ({ DATABASE_URL }) => {
			const target = DATABASE_URL && targetOf(DATABASE_URL);
			return !!target && target.isUnverified && !isLocalHost(target.host);
		}
	},
	smtp_tls_unverified: {
		variable: 'SMTP_URL',
		message: 'SMTP_URL turns off the check of the certificate: another machine could read mail with links in it.',
		remedy: 'Take out tls.rejectUnauthorized, and name the authority that you trust in NODE_EXTRA_CA_CERTS.',
		breaks: ({ SMTP_URL }) =>
			!!SMTP_URL && !isLocal(SMTP_URL) && parameter(SMTP_URL, 'tls.rejectUnauthorized') === 'false'
	},
	smtp_url_plain: {
		variable: 'SMTP_URL',
		message:
			'SMTP_URL is smtp: to another machine: mail with links in it goes unencrypted where TLS is not offered or ignored.',
		remedy: 'Use smtps:, or append ?requireTLS=true.',
		breaks: ({ SMTP_URL }) =>
			!!SMTP_URL?.startsWith('smtp:') && !isLocal(SMTP_URL) && parameter(SMTP_URL, 'requireTLS') !== 'true'
	},
	invitation_expiry_days_long: {
		variable: 'INVITATION_EXPIRY_DAYS',
		message: 'INVITATION_EXPIRY_DAYS is over 30: who reads an old mailbox may join.',
		remedy: 'Set it to 30 or less; an invitation can be sent again.',
		breaks: ({ INVITATION_EXPIRY_DAYS = 0 }) => INVITATION_EXPIRY_DAYS > 30
	},
	audit_retention_days_short: {
		variable: 'AUDIT_RETENTION_DAYS',
		message: 'AUDIT_RETENTION_DAYS is under 90: what led to an incident may be gone when it is noticed.',
		remedy: 'Set it to 90 or more.',
		breaks: ({ AUDIT_RETENTION_DAYS = 90 }) => AUDIT_RETENTION_DAYS < 90
	},
	log_level_quiet: {
		variable: 'LOG_LEVEL',
		message: 'LOG_LEVEL leaves out refusals and failed sign-ins.',
		remedy: 'Set it to info.',
		breaks: ({ LOG_LEVEL = '' }) => ['silent', 'error'].includes(LOG_LEVEL)
	},
	google_client_secret_missing: secretless('GOOGLE'),
	github_client_secret_missing: secretless('GITHUB'),
	oidc_client_secret_missing: secretless('OIDC')
};
