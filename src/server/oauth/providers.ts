import {
	APP_ENV,
	GITHUB_API_URL,
	GITHUB_CLIENT_ID,
	GITHUB_CLIENT_SECRET,
	GITHUB_URL,
	GOOGLE_CLIENT_ID,
	GOOGLE_CLIENT_SECRET,
	GOOGLE_ISSUER,
	OIDC_CLIENT_ID,
	OIDC_CLIENT_SECRET,
	OIDC_ISSUER,
	OIDC_NAME,
	PUBLIC_ORIGIN
} from '$app/env/private';
import { PROVIDERS, type ProviderId } from '#lib/oauth.ts';
import { gitHub } from './github.ts';
import { openId, type OpenIdProvider } from './openid.ts';
import type { Provider, Registration } from './provider.ts';

/** The providers that a deployment offers, by id, in the order that the pages show them. */
export type Providers = { google?: OpenIdProvider; github?: Provider; oidc?: OpenIdProvider };

const secure = APP_ENV !== 'dev';

const register = (id: ProviderId, clientId: string, clientSecret: string | undefined): Registration => ({
	clientId,
	clientSecret: clientSecret ?? null,
	redirectUri: `${PUBLIC_ORIGIN}/auth/oauth/${id}/callback`
});

/** Those that have a client id; the others are simply absent. */
export const providers: Providers = {
	...(GOOGLE_CLIENT_ID && {
		google: openId(register('google', GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET), {
			id: 'google',
			name: 'Google',
			issuer: GOOGLE_ISSUER,
			secure
		})
	}),
	...(GITHUB_CLIENT_ID && {
		github: gitHub(register('github', GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET), {
			url: GITHUB_URL,
			apiUrl: GITHUB_API_URL
		})
	}),
	...(OIDC_CLIENT_ID &&
		OIDC_ISSUER && {
			oidc: openId(register('oidc', OIDC_CLIENT_ID, OIDC_CLIENT_SECRET), {
				id: 'oidc',
				name: OIDC_NAME,
				issuer: OIDC_ISSUER,
				secure
			})
		})
};

/** The provider that an address names, if it is among those offered. */
export const findProvider = (offered: Providers, id: string): Provider | undefined =>
	PROVIDERS.some((known) => known === id) ? offered[id as ProviderId] : undefined;
