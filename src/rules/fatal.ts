import { targetOf } from './database.ts';
import { isLocal, type Rule, type Rules } from './rule.ts';
import { isGuessable, isPublished, isWellKnown } from './secrets.ts';

const NEW_KEY = 'Set it to what "openssl rand -base64 32" prints.';

const isWeak = (key: string) => isGuessable(key) || isPublished(key);

const isPlain = (url = '') => url.startsWith('http:');

const plain = (
	variable: 'BREACH_CHECK_URL' | 'GOOGLE_ISSUER' | 'GITHUB_URL' | 'GITHUB_API_URL' | 'OIDC_ISSUER'
): Rule => ({
	variable,
	message: `${variable} is no https address, so anybody on the way can read it and answer instead.`,
	remedy: 'Give its https address.',
	breaks: (config) => isPlain(config[variable])
});

/** What keeps a deployment from starting. */
export const FATAL: Rules = {
	secret_key_guessable: {
		variable: 'SECRET_KEY',
		message: 'SECRET_KEY can be guessed: it repeats itself, follows a rule, or is made of words.',
		remedy: NEW_KEY,
		breaks: ({ SECRET_KEY }) => SECRET_KEY !== undefined && isGuessable(SECRET_KEY)
	},
	secret_key_published: {
		variable: 'SECRET_KEY',
		message: 'SECRET_KEY stands in the documentation or in an example, where everybody can read it.',
		remedy: NEW_KEY,
		breaks: ({ SECRET_KEY }) => SECRET_KEY !== undefined && isPublished(SECRET_KEY)
	},
	secret_key_previous_weak: {
		variable: 'SECRET_KEY_PREVIOUS',
		message: 'SECRET_KEY_PREVIOUS holds a key that can be guessed or is published; what it signed is still believed.',
		remedy: 'Take it out; whoever holds a link or a mail of that time asks for another.',
		breaks: ({ SECRET_KEY_PREVIOUS }) => SECRET_KEY_PREVIOUS?.some(isWeak)
	},
	public_origin_plain: {
		variable: 'PUBLIC_ORIGIN',
		message: 'PUBLIC_ORIGIN is not https, so cookies and passwords would cross the network readable.',
		remedy: 'End TLS in front of the server and give the https origin.',
		breaks: ({ PUBLIC_ORIGIN }) => isPlain(PUBLIC_ORIGIN)
	},
	database_password_missing: {
		variable: 'DATABASE_URL',
		message: 'DATABASE_URL has no password.',
		remedy: "Give the role one: alter role … password '…'; and put it into DATABASE_URL, percent-encoded.",
		breaks: ({ DATABASE_URL }) => DATABASE_URL !== undefined && targetOf(DATABASE_URL)?.password === ''
	},
	database_password_known: {
		variable: 'DATABASE_URL',
		message: 'The password in DATABASE_URL is a well-known one.',
		remedy:
			'Give the role what "openssl rand -hex 24" prints: alter role … password \'…\'; and put it into DATABASE_URL.',
		breaks: ({ DATABASE_URL }) => {
			const { password, names } = (DATABASE_URL && targetOf(DATABASE_URL)) || { password: '', names: [] };
			return password !== '' && isWellKnown(password, names);
		}
	},
	metrics_token_guessable: {
		variable: 'METRICS_TOKEN',
		message: 'METRICS_TOKEN is short or can be guessed: nothing counts how often somebody tries.',
		remedy: 'Set it to what "openssl rand -hex 24" prints, or take it out, and with it GET /metrics.',
		breaks: ({ METRICS_TOKEN: token }) => token !== undefined && (token.length < 32 || isWeak(token))
	},
	csrf_disabled: {
		variable: 'CSRF_ENABLED',
		message: 'CSRF_ENABLED is false: any other site could make a browser change things here.',
		remedy: 'Take it out.',
		breaks: ({ CSRF_ENABLED }) => CSRF_ENABLED === false
	},
	rate_limit_changed: {
		variable: 'RATE_LIMIT_FACTOR',
		message: 'RATE_LIMIT_FACTOR is not 1: passwords could be guessed more often than they may, or not often enough.',
		remedy: 'Take it out; it is for tests and load runs.',
		breaks: ({ RATE_LIMIT_FACTOR }) => RATE_LIMIT_FACTOR !== undefined && RATE_LIMIT_FACTOR !== 1
	},
	cors_origins_any: {
		variable: 'CORS_ORIGINS',
		message: 'CORS_ORIGINS is *: the pages of any other site could call for whoever is signed in here.',
		remedy: 'Name the origins: https://admin.example.com, comma-separated.',
		breaks: ({ CORS_ORIGINS }) => CORS_ORIGINS?.includes('*')
	},
	cors_origins_plain: {
		variable: 'CORS_ORIGINS',
		message: 'CORS_ORIGINS names an origin that is not https: anybody on the way to it could call for its visitors.',
		remedy: 'End TLS in front of it and give its https origin.',
		breaks: ({ CORS_ORIGINS }) => CORS_ORIGINS?.some(isPlain)
	},
	smtp_url_missing: {
		variable: 'SMTP_URL',
		message: 'SMTP_URL is missing: no link to verify or to reset would ever arrive.',
		remedy: 'Set it to your mail server: smtps://user:password@host:465.',
		breaks: (_, { SMTP_URL }) => !SMTP_URL
	},
	mail_from_missing: {
		variable: 'MAIL_FROM',
		message: 'MAIL_FROM is missing.',
		remedy: 'Set it to a sender whose domain is yours: App <app@example.com>.',
		breaks: (_, { MAIL_FROM }) => !MAIL_FROM
	},
	breach_check_url_plain: plain('BREACH_CHECK_URL'),
	google_issuer_plain: plain('GOOGLE_ISSUER'),
	github_url_plain: plain('GITHUB_URL'),
	github_api_url_plain: plain('GITHUB_API_URL'),
	oidc_issuer_plain: plain('OIDC_ISSUER'),
	ai_base_url_plain: {
		variable: 'AI_BASE_URL',
		message: 'AI_BASE_URL is no https address, so customers’ notes and the key would cross the network readable.',
		remedy: 'Give its https address; only a model on this machine needs none.',
		breaks: ({ AI_BASE_URL }) => isPlain(AI_BASE_URL) && !isLocal(AI_BASE_URL!)
	}
};
