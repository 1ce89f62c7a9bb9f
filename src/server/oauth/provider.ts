import type { ProviderId } from '#lib/oauth.ts';

/** Whom a provider says that somebody is. */
export type Claims = {
	/** The provider's own name for the person; it never changes. */
	subject: string;
	/** Nothing when the provider does not vouch for it. */
	email: string | null;
	firstName: string | null;
	lastName: string | null;
	picture: string | null;
};

/** What goes out with a person, and must be known again when they come back. */
export type Secrets = { verifier: string; nonce: string };

export type Provider = {
	id: ProviderId;
	name: string;
	/** Where to send the person. @throws {OAuthError} */
	authorizationUrl: (state: string, secrets: Secrets) => Promise<URL>;
	/** Exchanges the code they come back with. @throws {OAuthError} */
	identify: (code: string, secrets: Secrets) => Promise<Claims>;
};

/** What a deployment has registered with a provider. */
export type Registration = { clientId: string; clientSecret: string; redirectUri: string };
