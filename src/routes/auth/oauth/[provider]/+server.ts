import { error, redirect } from '@sveltejs/kit';
import { localPath } from '#lib/redirect.ts';
import { admitPerson } from '#server/auth/admission.ts';
import { isProven } from '#server/auth/stepup.ts';
import { reasonOf } from '#server/oauth/outward.ts';
import { findProvider } from '#server/oauth/providers.ts';
import { markFlow } from '#server/oauth/state.ts';
import { leave } from '#server/oauth/visit.ts';
import { settings } from '#server/settings.ts';
import type { RequestHandler } from './$types';

const INTENTS = ['sign_in', 'link', 'prove'] as const;
const CONNECTIONS = '/account/connections';

/** Where a navigation comes from that is the person's own: a page of ours, the address bar, a program. */
const OWN = new Set(['same-origin', 'none', null]);

/** Sends a person to a provider: to sign in, to connect it to their account, or to prove again who they are. */
export const GET: RequestHandler = async ({ params, url, locals: { actor, count }, cookies, request }) => {
	await count();
	const provider = findProvider(settings.providers, params.provider);
	if (!provider) error(404, 'Not found');
	const intent = INTENTS.find((known) => known === url.searchParams.get('intent')) ?? 'sign_in';
	const redirectTo = localPath(url.searchParams.get('redirectTo'), intent === 'sign_in' ? '/orgs' : CONNECTIONS);
	const isOwn = OWN.has(request.headers.get('sec-fetch-site'));
	// A page elsewhere could swap who is signed in here, without a click of theirs.
	if (intent === 'sign_in' && !isOwn) redirect(303, `/login?redirectTo=${encodeURIComponent(redirectTo)}`);
	if (intent !== 'sign_in') {
		if (actor.kind !== 'user' || actor.user.suspended)
			redirect(303, `/login?redirectTo=${encodeURIComponent(CONNECTIONS)}`);
		// A page elsewhere could send somebody whom it has signed in at the provider as itself.
		if (!isOwn) redirect(303, CONNECTIONS);
		admitPerson(actor, { own: true });
		if (intent === 'link' && !isProven(actor)) redirect(303, `${CONNECTIONS}?error=step_up_required`);
	}
	let target: URL;
	try {
		target = await leave(actor, provider, { intent, redirectTo }, (stateHash) => markFlow(cookies, 'visit', stateHash));
	} catch (cause) {
		const reason = reasonOf(cause);
		if (!reason) throw cause;
		redirect(303, `${intent === 'sign_in' ? '/login' : CONNECTIONS}?error=${reason}`);
	}
	redirect(303, target, { external: true });
};
