import { OAuth2Client, OAuth2Tokens } from 'arctic';
import { OAUTH_ERRORS, type OAuthReason } from '#lib/oauth.ts';
import { AppError } from '../errors.ts';

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

/**
 * Asks a provider within five seconds, and never where it points to: a redirect could lead into our own network,
 * or carry a code along.
 * @throws {OAuthError} `oauth_unavailable` when it cannot be reached or is too slow
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
		return new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers });
	} catch (cause) {
		throw cause instanceof OAuthError ? cause : new OAuthError('oauth_unavailable', cause);
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
	readonly #secret: string;
	readonly #redirectUri: string;

	constructor(clientId: string, secret: string, redirectUri: string) {
		super(clientId, secret, redirectUri);
		this.#secret = secret;
		this.#redirectUri = redirectUri;
	}

	/** @throws {OAuthError} `oauth_failed` when the code is refused */
	override async validateAuthorizationCode(endpoint: string, code: string, verifier: string): Promise<OAuth2Tokens> {
		const credentials = Buffer.from(`${this.clientId}:${this.#secret}`).toString('base64');
		const response = await ask(endpoint, {
			method: 'POST',
			headers: { Accept: 'application/json', Authorization: `Basic ${credentials}` },
			body: new URLSearchParams({
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
		if (refused || 'error' in body) throw new OAuthError('oauth_failed', body);
		return new OAuth2Tokens(body);
	}
}

/** What `/login?error=` says of a visit that failed; a bug is thrown on. */
export function reasonOf(cause: unknown): OAuthReason {
	if (cause instanceof OAuthError) return cause.reason;
	if (cause instanceof AppError && cause.reason === 'suspended') return 'suspended';
	throw cause;
}

/** The same for a program. */
export function toAppError(cause: unknown): never {
	throw cause instanceof OAuthError ? new AppError('unavailable', OAUTH_ERRORS[cause.reason]) : cause;
}
