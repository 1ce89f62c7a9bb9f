import type { IncomingMessage } from 'node:http';
import { limitOf } from './body.ts';
import { exposesKey } from './exposed.ts';
import { methodsAt, notAllowed, refusals, type Refusal } from './refusals.ts';

/** Characters of an address; the longest that the app itself makes is half as long. */
const LONGEST = 8000;

/** Which of them an address has is known to the app; of others it knows nothing at all. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const PROBES = new Set(['/health', '/ready', '/metrics']);

/** Whether whoever watches the process asks: they are answered whatever the host, and however much is going on. */
export const isProbe = (url: string): boolean => PROBES.has(url.split('?', 1)[0]!);

/** What is wrong with an address. */
function refuseTarget(url: string): Refusal | undefined {
	// A whole URL would be appended to our origin, and name another host by it.
	if (!url.startsWith('/') || /%00/.test(url)) return refusals.badTarget;
	if (url.length > LONGEST) return refusals.longAddress;
	// Also of files and probes: an address stands in logs and histories on its way.
	return exposesKey(url) ? refusals.exposedKey : undefined;
}

function refuseHost(hosts: string[], ours: string | undefined): Refusal | undefined {
	const [host = ''] = hosts;
	if (hosts.length !== 1) return refusals.badHost;
	if (!ours) return undefined;
	return [ours, `${ours}:443`].includes(host.toLowerCase()) ? undefined : refusals.misdirected;
}

function refuseBody(url: string, headers: IncomingMessage['headers']): Refusal | undefined {
	const codings = [headers['content-encoding'] ?? 'identity', headers['transfer-encoding'] ?? 'chunked'];
	if (!/^identity, *chunked$/i.test(codings.map((coding) => coding.trim()).join())) return refusals.compressed;
	return Number(headers['content-length'] ?? 0) > limitOf(url) ? refusals.tooLarge : undefined;
}

/** Why a request is refused before anything of it is read; `ours` is the one host that is served, if there is one. */
export function refuseHead(request: IncomingMessage, ours: string | undefined): Refusal | undefined {
	const { method = '', url = '', headers, headersDistinct, httpVersionMajor } = request;
	if (httpVersionMajor !== 1) return refusals.malformed;
	const refused = refuseTarget(url) ?? (isProbe(url) ? undefined : refuseHost(headersDistinct.host ?? [], ours));
	if (refused) return refused;
	// Which of two counts, a proxy before us may have decided otherwise.
	if ((headersDistinct.authorization ?? []).length > 1) return refusals.manyKeys;
	if (!METHODS.has(method)) return notAllowed(methodsAt(url));
	return refuseBody(url, headers);
}
