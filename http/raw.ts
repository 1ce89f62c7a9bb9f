import { STATUS_CODES } from 'node:http';
import { headersFor } from './headers.ts';
import { inJson, refusals, type Refusal } from './refusals.ts';

/** Bytes of a head that Node's parser reads, and no more. */
const HEAD = 16 * 1024;

/** A refusal as it goes over the wire where there is no request to answer, or no way to answer it as usual. */
export function asText(refusal: Refusal, url: string, requestId: string, isDeployed: boolean): string {
	const body = inJson(refusal, url, requestId);
	const own = {
		...refusal.headers,
		'Content-Type': 'application/json',
		'Content-Length': Buffer.byteLength(body),
		'X-Request-Id': requestId,
		Date: new Date().toUTCString(),
		Connection: 'close'
	};
	const rest = headersFor(
		url,
		refusal.status,
		(name) => (name === 'content-type' ? own['Content-Type'] : ''),
		isDeployed
	);
	const lines = [...Object.entries(own), ...rest].map(([name, value]) => `${name}: ${String(value)}`);
	return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines, '', body].join('\r\n');
}

/** What Node's parser could not make a request of, in our words. */
export function refusalOf({ code, rawPacket }: NodeJS.ErrnoException & { rawPacket?: Buffer }): Refusal {
	if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusals.timedOut;
	if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return refusals.tooLarge;
	if (code !== 'HPE_HEADER_OVERFLOW') return refusals.malformed;
	const line = rawPacket?.indexOf('\n') ?? 0;
	return line < 0 || line > HEAD ? refusals.longAddress : refusals.longHead;
}
