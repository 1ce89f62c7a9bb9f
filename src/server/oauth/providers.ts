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
import type { Provider } from './provider.ts';

/** The providers that a deployment offers, by id, in the order that the pages show them. */
export type Providers = { google?: OpenIdProvider; github?: Provider; oidc?: OpenIdProvider };

const secure = APP_ENV !== 'dev';

export const redirectUri = (id: ProviderId) => `${PUBLIC_ORIGIN}/auth/oauth/${id}/callback`;

/** Those that have a client id; the others are simply absent. */
export const providers: Providers = {
	...(GOOGLE_CLIENT_ID && {
		google: openId({
			id: 'google',
			name: 'Google',
			issuer: GOOGLE_ISSUER,
			clientId: GOOGLE_CLIENT_ID,
			clientSecret: GOOGLE_CLIENT_SECRET ?? '',
			redirectUri: redirectUri('google'),
			secure
		})
	}),
	...(GITHUB_CLIENT_ID && {
		github: gitHub({
			clientId: GITHUB_CLIENT_ID,
			clientSecret: GITHUB_CLIENT_SECRET ?? '',
			redirectUri: redirectUri('github'),
			url: GITHUB_URL,
			apiUrl: GITHUB_API_URL
		})
	}),
	...(OIDC_CLIENT_ID &&
		OIDC_ISSUER && {
			oidc: openId({
				id: 'oidc',
				name: OIDC_NAME,
				issuer: OIDC_ISSUER,
				clientId: OIDC_CLIENT_ID,
				clientSecret: OIDC_CLIENT_SECRET ?? '',
				redirectUri: redirectUri('oidc'),
				secure
			})
		})
};

/** The provider that an address names, if it is offered. */
export const findProvider = (id: string): Provider | undefined =>
	PROVIDERS.some((known) => known === id) ? providers[id as ProviderId] : undefined;
