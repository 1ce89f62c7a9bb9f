/** Why a visit to a provider ended without a sign-in, in words for the person; the keys stand in `/login?error=`. */
export const OAUTH_ERRORS = {
	oauth_cancelled: 'You cancelled at the provider. Nothing has changed; you can try again.',
	oauth_invalid_request: 'The provider did not understand the request. Try again, or sign in another way.',
	oauth_unauthorized: 'The provider does not know this app. Tell its administrator, and sign in another way.',
	oauth_unsupported: 'The provider does not offer this kind of sign-in. Sign in another way.',
	oauth_invalid_scope: 'The provider refused what the app asked for. Tell its administrator, and sign in another way.',
	oauth_server_error: 'The provider has a problem of its own. Try again in a moment, or sign in another way.',
	oauth_unavailable: 'The provider cannot be reached right now. Try again in a moment, or sign in another way.',
	oauth_missing_code: 'The provider sent you back without an answer. Try again.',
	oauth_invalid_state: 'This sign-in was begun in another browser, too long ago, or is used up. Start again from here.',
	oauth_email_unverified: 'The provider has not verified your e-mail address. Verify it there, or sign in another way.',
	oauth_account_exists:
		'There is an account with this address already. Sign in as you always do: then you can connect the provider with one click.',
	oauth_account_deleted: 'This account was deleted. To take it back, open the link in the mail about that.',
	oauth_signup_closed: 'Nobody new can come in right now but by invitation. Ask an admin of your organization for one.',
	oauth_other_person:
		'You came back from the provider as somebody else, so that confirms nothing. Confirm again, and choose the account there that is connected here.',
	oauth_not_proven:
		'The provider did not ask you to sign in again, so that confirms nothing. Confirm with your password, or sign out and in again.',
	suspended: 'This account is suspended. Please contact support.',
	conflict: 'That identity is connected to another account, or you have connected another one of this provider.',
	oauth_failed: 'What the provider answered did not check out. Try again, or sign in another way.'
} as const;

export type OAuthReason = keyof typeof OAUTH_ERRORS;

export const isOAuthReason = (value: string | null): value is OAuthReason =>
	value !== null && Object.hasOwn(OAUTH_ERRORS, value);

export const PROVIDERS = ['google', 'github', 'oidc'] as const;
export type ProviderId = (typeof PROVIDERS)[number];

const NAMES: Record<ProviderId, string> = { google: 'Google', github: 'GitHub', oidc: 'single sign-on' };

/** What a provider is called where its own deployment's name is not known. */
export const providerName = (id: unknown): string => NAMES[id as ProviderId] ?? 'a provider';

type Visit = { intent?: 'link' | 'prove'; redirectTo?: string | null };

/** Where a visit to a provider begins; no page of ours, so it takes a full navigation. */
export function visitAddress(id: string, { intent, redirectTo }: Visit): string {
	const search = new URLSearchParams({ ...(intent && { intent }), ...(redirectTo && { redirectTo }) });
	return `/auth/oauth/${id}` + (search.size > 0 ? `?${search}` : '');
}
