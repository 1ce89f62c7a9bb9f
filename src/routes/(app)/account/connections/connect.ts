import { PROVIDERS, visitAddress, type ProviderId } from '#lib/oauth.ts';

/** Kept by the tab and not in its address, or a link elsewhere could set out for a person. */
const KEY = 'connecting';

/** Leaves for a provider, to come back connected; without a recent proof the server leads back first. */
export function connect(id: ProviderId): void {
	sessionStorage.setItem(KEY, id);
	location.assign(visitAddress(id, { intent: 'link', redirectTo: `/account/connections?connected=${id}` }));
}

/** What this tab set out to connect, once. */
export function takeWish(): ProviderId | undefined {
	const wish = sessionStorage.getItem(KEY);
	sessionStorage.removeItem(KEY);
	return PROVIDERS.find((id) => id === wish);
}
