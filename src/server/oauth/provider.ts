import { z } from 'zod';
import type { ProviderId } from '#lib/oauth.ts';
import { email, isStorable, personName } from '../fields.ts';

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

/** What somebody is sent out with, and must be known again when they come back. */
export type Errand = {
	verifier: string;
	nonce: string;
	/** When they left to prove who they are, and not just whom the provider still knows in this browser. */
	provesFrom: Date | null;
};

export type Provider = {
	id: ProviderId;
	name: string;
	/** Where to send the person. @throws {OAuthError} */
	authorizationUrl: (state: string, errand: Errand) => Promise<URL>;
	/** Who answers, where the provider says so when it sends a person back (RFC 9207). */
	issuer?: string;
	/** Exchanges the code they come back with. @throws {OAuthError} */
	identify: (code: string, errand: Errand) => Promise<Claims>;
};

/** What a deployment has registered with a provider. */
export type Registration = { clientId: string; clientSecret: string | null; redirectUri: string };

/** Claims as a provider writes them; of all but the subject, what is no good is as good as missing. */
export const claims = {
	subject: z.string().min(1).max(255).refine(isStorable),
	email: email.nullish().catch(null),
	name: personName.nullish().catch(null),
	picture: z
		.url({ protocol: /^https$/ })
		.max(2000)
		.refine(isStorable)
		.nullish()
		.catch(null)
};

/** First and last name, of a name that is one text. */
export function splitName(name: string | null | undefined) {
	const [firstName = null, ...others] = name?.split(/\s+/) ?? [];
	return { firstName, lastName: others.join(' ') || null };
}
