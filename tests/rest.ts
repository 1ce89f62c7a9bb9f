import { answerRest } from '#server/rest/door.ts';
import type { Count } from '#server/usage/calls.ts';

/** Whoever calls procedures in this process: a browser, or a program with a key. */
type Caller = { api: object; count?: Count };

type Question = { method?: string; json?: unknown; body?: BodyInit; headers?: Record<string, string> };

/** Sends a request to the REST API, as the caller. */
export async function rest(
	{ api, count = () => Promise.resolve() }: Caller,
	path: string,
	{ method, json, body, headers }: Question = {}
) {
	const url = new URL(`http://localhost/api/v1${path}`);
	const given = json === undefined ? body : JSON.stringify(json);
	const type = json === undefined ? undefined : { 'Content-Type': 'application/json' };
	const request = new Request(url, { method, body: given, headers: { ...type, ...headers } });
	const event = { locals: { api, count }, request, url } as unknown as Parameters<typeof answerRest>[0];
	const response = await answerRest(event);
	const text = await response.text();
	const answer = (text ? JSON.parse(text) : null) as unknown;
	return { status: response.status, headers: response.headers, answer };
}

/** The reason of a refusal, after its status. */
export async function refused(...call: Parameters<typeof rest>): Promise<string> {
	const { status, answer } = await rest(...call);
	return `${status} ${(answer as { error?: { reason: string } }).error?.reason}`;
}
