import { OAuth2Client, OAuth2Tokens } from 'arctic';
import { OAUTH_ERRORS, type OAuthReason, type ProviderId } from '#lib/oauth.ts';
import { noteRefused } from '../auth/refused.ts';
import { AppError, type Reason } from '../errors.ts';
import { log } from '../log.ts';
import type { Registration } from './provider.ts';

/** The end of a visit to a provider; the cause is for the log alone. */
export class OAuthError extends Error {
	readonly reason: OAuthReason;
	constructor(reason: OAuthReason, cause?: unknown) {
		super(reason, { cause });
		this.name = 'OAuthError';
		this.reason = reason;
	}
}

/** What a provider gets to answer, in milliseconds and in bytes. */
const PATIENCE = 5000;
const SIZE = 1024 * 1024;

/** What `fetch` names an answer that came and could not be read. */
const RUBBISH = /^HTTPParserError|\b(?:Z_|UND_ERR_(?:HEADERS_OVERFLOW|RES_))/;

function isRubbish(thrown: unknown): boolean {
	if (!(thrown instanceof Error && thrown.cause instanceof Error)) return false;
	const { name, code }: Error & { code?: unknown } = thrown.cause;
	return RUBBISH.test(`${name} ${String(code)}`);
}

/**
 * Asks a provider within five seconds, and never where it points to: a redirect could lead into our own network,
 * or carry a code along.
 * @throws {OAuthError} `oauth_unavailable` when it cannot be reached or is too slow; `oauth_server_error` for rubbish
 */
export async function ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
	const signal = AbortSignal.timeout(PATIENCE);
	try {
		const response = await fetch(url, { ...init, redirect: 'manual', signal });
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of response.body ?? []) {
			if ((size += chunk.byteLength) > SIZE) throw new OAuthError('oauth_server_error', 'an endless answer');
			chunks.push(chunk);
		}
		const { status, headers } = response;
		return new Response(size > 0 ? Buffer.concat(chunks) : null, { status, headers });
	} catch (cause) {
		if (cause instanceof OAuthError) throw cause;
		throw new OAuthError(isRubbish(cause) ? 'oauth_server_error' : 'oauth_unavailable', cause);
	}
}

/**
 * The JSON of a good answer.
 * @throws {OAuthError} `oauth_server_error` for any other
 */
export async function askJson(url: string | URL, init: RequestInit = {}): Promise<unknown> {
	const response = await ask(url, init);
	if (response.status !== 200) throw new OAuthError('oauth_server_error', `${String(url)} answered ${response.status}`);
	return readJson(response);
}

async function readJson(response: Response): Promise<unknown> {
	try {
		return await response.json();
	} catch (cause) {
		throw new OAuthError('oauth_server_error', cause);
	}
}

/** arctic's client, with an exchange that knows the limits above: arctic's own waits for ever and follows redirects. */
export class Client extends OAuth2Client {
	readonly #secret: string | null;
	readonly #redirectUri: string;

	constructor({ clientId, clientSecret, redirectUri }: Registration) {
		super(clientId, clientSecret, redirectUri);
		this.#secret = clientSecret;
		this.#redirectUri = redirectUri;
	}

	/** Who asks: by the secret (RFC 6749, 2.3.1), and by the id alone where there is none. */
	#credentials(): { headers: Record<string, string>; fields: Record<string, string> } {
		if (this.#secret === null) return { headers: {}, fields: { client_id: this.clientId } };
		const pair = [this.clientId, this.#secret].map(encodeURIComponent).join(':');
		return { headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, fields: {} };
	}

	/** @throws {OAuthError} `oauth_failed` when the code is refused */
	override async validateAuthorizationCode(endpoint: string, code: string, verifier: string): Promise<OAuth2Tokens> {
		const { headers, fields } = this.#credentials();
		const response = await ask(endpoint, {
			method: 'POST',
			headers: { Accept: 'application/json', ...headers },
			body: new URLSearchParams({
				...fields,
				grant_type: 'authorization_code',
				code,
				code_verifier: verifier,
				redirect_uri: this.#redirectUri
			})
		});
		const refused = response.status === 400 || response.status === 401;
		if (!refused && response.status !== 200) throw new OAuthError('oauth_server_error', response.status);
		const body = await readJson(response);
		if (typeof body !== 'object' || body === null) throw new OAuthError('oauth_server_error', 'no object');
		// GitHub refuses with a good status.
		if (refused || 'error' in body)
			throw new OAuthError('oauth_failed', 'error' in body ? body.error : response.status);
		return new OAuth2Tokens(body);
	}
}

/** What `/login?error=` says of a visit that failed; nothing for a bug. */
export function reasonOf(cause: unknown): OAuthReason | undefined {
	if (cause instanceof OAuthError) return cause.reason;
	return cause instanceof AppError && cause.reason === 'suspended' ? 'suspended' : undefined;
}

/** Tells the log, and nobody else, why somebody was refused; answers what `reasonOf` answers, or `oauth_failed`. */
export function noteRefusal(provider: ProviderId, cause: unknown): OAuthReason {
	const reason = reasonOf(cause) ?? 'oauth_failed';
	log.warn({ provider, reason, because: told(cause) }, 'oauth refused');
	noteRefused(provider, reason);
	return reason;
}

/** What a log may know of a refusal: jose's errors carry the whole token, with a person's name and address. */
function told(cause: unknown): object | undefined {
	const inner = cause instanceof OAuthError ? cause.cause : cause;
	if (inner instanceof Error) return { name: inner.name, message: inner.message };
	return inner === undefined ? undefined : { message: inner };
}

/** Whose fault it is: the provider's, or nobody's. */
const REASONS = new Map<OAuthReason, Reason>([
	['oauth_unavailable', 'unavailable'],
	['oauth_server_error', 'unavailable'],
	['oauth_signup_closed', 'forbidden']
]);

/** The same for a program; what is no other fault is that of whatever somebody came with. */
export function toAppError(cause: unknown): unknown {
	if (!(cause instanceof OAuthError)) return cause;
	const { reason } = cause;
	return new AppError(REASONS.get(reason) ?? 'invalid_credentials', OAUTH_ERRORS[reason]);
}
