import { csrfToken } from '#lib/trpc.ts';
import type { Operation } from './view.ts';

export type Reply = { status: number; milliseconds: number; headers: [string, string][]; text: string };

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

/** Calls with a key and without cookies, which must not go together; or else as whoever is signed in. */
export async function send(
	operation: Operation,
	values: Record<string, string>,
	body: string,
	key: string
): Promise<Reply> {
	const begin = performance.now();
	const answer = await fetch(addressOf(operation, values), {
		method: operation.method,
		headers: {
			...(operation.body && { 'Content-Type': 'application/json' }),
			...(key ? { Authorization: `Bearer ${key}` } : { 'X-CSRF-Token': csrfToken() ?? '' })
		},
		credentials: key ? 'omit' : 'same-origin',
		body: operation.body ? body : undefined
	});
	const text = await answer.text();
	const milliseconds = Math.round(performance.now() - begin);
	const headers = [...answer.headers].filter(([name]) => TOLD.test(name));
	return { status: answer.status, milliseconds, headers, text: pretty(text) };
}

/** A text as a shell takes it literally. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A call as one types it, with the values of the examples. */
export function curlOf(operation: Operation, origin: string): string {
	const { method, parameters, body } = operation;
	const values = Object.fromEntries(
		parameters.map(({ name, in: where, example }) => [name, example || (where === 'path' ? name.toUpperCase() : '')])
	);
	return [
		`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(origin + addressOf(operation, values))}`,
		`-H "Authorization: Bearer $GATEHOUSE_KEY"`,
		...(body ? [`-H 'Content-Type: application/json'`, `-d ${quoted(body.example)}`] : [])
	].join(' \\\n  ');
}
