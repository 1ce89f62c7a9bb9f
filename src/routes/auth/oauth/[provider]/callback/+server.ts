import { error, redirect } from '@sveltejs/kit';
import { setSessionCookies } from '#server/auth/session.ts';
import { hashToken } from '#server/crypto.ts';
import { hop, hopOnce } from '#server/hop.ts';
import { reasonOf } from '#server/oauth/outward.ts';
import { findProvider } from '#server/oauth/providers.ts';
import { isState, markOf } from '#server/oauth/state.ts';
import { comeBack, type Arrival } from '#server/oauth/visit.ts';
import { settings } from '#server/settings.ts';
import type { RequestHandler } from './$types';

/** Where a provider sends a person back to. */
export const GET: RequestHandler = async (event) => {
	const {
		params,
		url,
		locals: { actor, count },
		cookies
	} = event;
	await count();
	const provider = findProvider(settings.providers, params.provider);
	if (!provider) error(404, 'Not found');
	const state = url.searchParams.get('state');
	const back = {
		state,
		code: url.searchParams.get('code'),
		error: url.searchParams.get('error'),
		issuer: url.searchParams.get('iss'),
		browserHash: markOf(cookies, 'visit', hashToken(state ?? ''))
	};
	let arrival: Arrival;
	try {
		arrival = await comeBack(actor, provider, back, settings);
	} catch (cause) {
		const reason = reasonOf(cause);
		if (!reason) throw cause;
		// Whom it signed in has the Strict cookie that tells, and does not bring it along from the provider.
		const again = reason === 'oauth_invalid_state' && isState(state) && hopOnce(event);
		if (again) return again;
		const next = reason === 'oauth_account_exists' ? `&redirectTo=${encodeURIComponent('/account/connections')}` : '';
		redirect(303, `/login?error=${reason}${next}`);
	}
	if (arrival.session) setSessionCookies(cookies, arrival.session);
	return hop(arrival.redirectTo);
};
