import type { RequestEvent } from '@sveltejs/kit';
import { TRUSTED_PROXY_HOPS } from '$app/env/private';
import { clientOf } from '../../../http/address.ts';
import { log } from '../log.ts';

let isWarned = false;

/** Behind a proxy that nobody told us of, all clients are one: what one of them does then limits the others. */
function warnOnce(): void {
	if (isWarned) return;
	isWarned = true;
	log.warn(
		'X-Forwarded-For arrives but is not read. If proxies of yours send it, set TRUSTED_PROXY_HOPS to how many they are.'
	);
}

/** Where a request comes from; proxies of ours are believed, as many as there are. */
export function clientAddress(event: RequestEvent, hops = TRUSTED_PROXY_HOPS): string {
	const forwarded = event.request.headers.get('x-forwarded-for');
	if (forwarded !== null && hops === 0) warnOnce();
	return clientOf(event.getClientAddress(), forwarded, hops);
}
