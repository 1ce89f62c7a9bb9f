/** The origins whose pages may call procedures; `*` is every one, and means nothing in a deployment. */
export type Listed = { origins: readonly string[]; isDeployed: boolean };

/** Whether pages of this origin, as a browser names it, may call procedures. */
export const maySend = (origin: string | null | undefined, { origins, isDeployed }: Listed): origin is string =>
	typeof origin === 'string' && (origins.includes(origin) || (!isDeployed && origins.includes('*')));

/** What scripts may read of an answer's headers, beyond those that every script may. */
const EXPOSED = ['X-Request-Id', 'Retry-After', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

/** Lets pages of the origins that may call read an answer, with credentials; says nothing to any other. */
export function sharing(origin: string | null | undefined, listed: Listed): Record<string, string> {
	if (listed.origins.length === 0) return {};
	if (!maySend(origin, listed)) return { Vary: 'Origin' };
	return {
		Vary: 'Origin',
		'Access-Control-Allow-Origin': origin,
		'Access-Control-Allow-Credentials': 'true',
		'Access-Control-Expose-Headers': EXPOSED.join(', ')
	};
}
