import { Refusal } from '#lib/form.svelte.ts';
import { csrfToken } from '#lib/trpc.ts';
import type { Operation } from './view.ts';

export type Reply = Awaited<ReturnType<typeof send>>;

/** Headers that a reader learns from. */
const TOLD = /^(location|retry-after|x-request-id|x-ratelimit-\w+)$/;

/** The address of a call: what stands in braces filled in, and the rest in the query. */
export function addressOf({ path, parameters }: Operation, values: Record<string, string>): string {
	const filled = path.replaceAll(/{(\w+)}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
	const given = parameters.filter(({ in: where, name }) => where === 'query' && values[name]);
	const query = new URLSearchParams(given.map(({ name }) => [name, values[name]!]));
	return query.size > 0 ? `${filled}?${query}` : filled;
}

const pretty = (text: string) => {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
};

/** Says who asks: a key, and then no cookies, since the two must not go together; or else whoever is signed in. */
function credentialsFor(key: string): { headers: Record<string, string>; credentials: RequestCredentials } {
	if (key) return { headers: { Authorization: `Bearer ${key}` }, credentials: 'omit' };
	return { headers: { 'X-CSRF-Token': csrfToken() ?? '' }, credentials: 'same-origin' };
}

/** @throws {Refusal} for what cannot be sent at all */
function check({ parameters }: Operation, values: Record<string, string>, key: string): void {
	// What else stands there no header can hold.
	if (!/^[!-~]*$/.test(key)) throw new Refusal('This is no API key. Copy it again.', 'key');
	const missing = parameters.find(({ in: where, name }) => where === 'path' && !values[name]);
	if (missing) throw new Refusal(`Enter ${missing.name}.`, missing.name);
}

/** @throws {Refusal} when nothing was answered */
export async function send(operation: Operation, values: Record<string, string>, body: string, key: string) {
	check(operation, values, key);
	const { headers, credentials } = credentialsFor(key);
	if (operation.body) headers['Content-Type'] = 'application/json';
	const sent = { method: operation.method, headers, credentials, body: operation.body ? body : undefined };
	const begin = performance.now();
	const answer = await fetch(addressOf(operation, values), sent).catch(() => {
		throw new Refusal();
	});
	const text = await answer.text();
	const milliseconds = Math.round(performance.now() - begin);
	const told = [...answer.headers].filter(([name]) => TOLD.test(name));
	return { status: answer.status, milliseconds, headers: told, text: pretty(text) };
}

/** A text as a shell takes it literally. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A call as one types it, with the values of the examples. */
export function curlOf(operation: Operation, origin: string): string {
	const { method, parameters, body, forKeys } = operation;
	const session = method === 'GET' ? [] : [`-H "X-CSRF-Token: $CSRF_TOKEN"`];
	const values = Object.fromEntries(
		parameters.map(({ name, in: where, example }) => [name, example || (where === 'path' ? name.toUpperCase() : '')])
	);
	return [
		`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(origin + addressOf(operation, values))}`,
		...(forKeys ? [`-H "Authorization: Bearer $GATEHOUSE_KEY"`] : [`-b "$COOKIES"`, ...session]),
		...(body ? [`-H 'Content-Type: application/json'`, `-d ${quoted(body.example)}`] : [])
	].join(' \\\n  ');
}
