import fc, { type Arbitrary } from 'fast-check';
import { expect } from './fixtures.ts';
import { newProgram, type Program } from './programs.ts';
import { send, type Answer } from './raw.ts';
import { test } from './server.ts';

type Schema = { type?: string | string[]; format?: string; enum?: unknown[]; anyOf?: Schema[]; items?: Schema };

type Operation = {
	operationId: string;
	parameters: { name: string; in: 'path' | 'query'; schema: Schema }[];
	requestBody?: {
		content: { 'application/json': { schema: { properties: Record<string, Schema> }; example: unknown } };
	};
	responses: Record<string, unknown>;
};

/** What nobody asks for, and some send. */
const nonsense: Arbitrary<unknown> = fc.oneof(
	fc.constantFrom('\0', '\ud800', '\u202e', ' ', "'; drop table customer; --", '%00', '%', '-1', '1e999', 'NaN', '{}'),
	fc.constantFrom<unknown>(null, true, -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], { $ne: null }),
	fc.string({ unit: 'binary', maxLength: 300 }),
	fc.string({ unit: 'grapheme-composite', maxLength: 300 }),
	fc.integer({ min: 1, max: 40_000 }).map((length) => 'x'.repeat(length)),
	fc.object({ maxDepth: 3 })
);

/** What a schema asks for. */
function fitting({ type, format, enum: values, anyOf, items }: Schema, ids: string[]): Arbitrary<unknown> {
	if (values) return fc.constantFrom(...values);
	if (anyOf) return fc.oneof(...anyOf.map((schema) => fitting(schema, ids)));
	if (items) return fc.array(fitting(items, ids), { maxLength: 60 });
	if (format === 'uuid') return fc.oneof(fc.constantFrom(...ids), fc.uuid());
	if (format === 'email') return fc.emailAddress();
	if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
	return [type].flat().includes('integer') ? fc.integer({ min: -1, max: 102 }) : fc.string({ maxLength: 60 });
}

/** Nearly always the one, and sometimes the other. */
const mostly = <A, B>(usual: Arbitrary<A>, rare: Arbitrary<B>) =>
	fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });

const mixed = (schema: Schema, ids: string[]) => mostly(fitting(schema, ids), nonsense);

/** A value as an address can hold it; a dot by itself would name another address. */
const inAddress = (value: unknown) =>
	encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed())
		.slice(0, 3000)
		.replace(/%[^%]?$/, '')
		.replace(/^\.{0,2}$/, 'x');

const complete = (schemas: Record<string, Schema>, ids: string[]): Arbitrary<Record<string, unknown>> =>
	fc.record(Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, mixed(schema, ids)])));

/** All fields, or some of them. */
const record = (schemas: Record<string, Schema>, ids: string[]) =>
	fc
		.tuple(complete(schemas, ids), fc.oneof(fc.constant(Object.keys(schemas)), fc.subarray(Object.keys(schemas))))
		.map(([values, kept]) => Object.fromEntries(kept.map((name) => [name, values[name]])));

const TYPES = ['application/json', 'application/json; charset=utf-8', 'text/plain', undefined];

type Values = Record<string, unknown>;
type Parts = { inPath: Values; inQuery: Values; value: unknown; type: string | undefined; headers: Program['session'] };

/** What a request for an operation is made of: sound, half sound, and nothing of the kind. */
function partsOf({ parameters, requestBody }: Operation, { org, ids, ways }: Program): Arbitrary<Parts> {
	const named = (where: string) =>
		Object.fromEntries(parameters.filter((one) => one.in === where).map(({ name, schema }) => [name, schema]));
	const slug = mostly(fc.constant<unknown>(org), nonsense);
	const noise = fc.string({ maxLength: 2000 }).map((text) => text.replace(/[^ -~]/g, '~'));
	return fc.record({
		inPath: fc.tuple(slug, complete(named('path'), ids)).map(([org, rest]) => ({ ...rest, org })),
		inQuery: record(named('query'), ids),
		value: mostly(record(requestBody?.content['application/json'].schema.properties ?? {}, ids), nonsense),
		type: mostly(fc.constant(TYPES[0]), fc.constantFrom(...TYPES)),
		headers: fc.tuple(fc.constantFrom(...ways), noise).map(([way, noise]) => ({ ...way, 'X-Noise': noise }))
	});
}

/** What the document shows of an operation that makes something, with which its fuzz begins: chance seldom makes a sound one. */
const shownOf = ({ requestBody, responses }: Operation, { org, session: headers }: Program): [Parts][] =>
	requestBody && '201' in responses
		? [
				[
					{
						inPath: { org },
						inQuery: {},
						value: requestBody.content['application/json'].example,
						type: TYPES[0],
						headers
					}
				]
			]
		: [];

/** The request that parts make. */
function write(method: string, path: string, { inPath, inQuery, value, type, headers }: Parts) {
	const filled = path.replaceAll(/{(\w+)}/g, (_, name: string) => inAddress(inPath[name]));
	const query = Object.entries(inQuery).map(([name, given]) => `${name}=${inAddress(given)}`);
	const address = query.length > 0 ? `${filled}?${query.join('&')}` : filled;
	if (method === 'GET') return { address, question: { method, headers } };
	const text = JSON.stringify(value);
	// What says nothing of its type breaks off, too.
	const body = type ? text : text.slice(0, -1);
	const framed = { 'Content-Length': String(Buffer.byteLength(body)), ...(type && { 'Content-Type': type }) };
	return { address, question: { method, headers: { ...headers, ...framed }, body } };
}

/** What is wrong with an answer. */
function wrong({ status, headers, body }: Answer, { responses }: Operation): string | undefined {
	if (!(status in responses)) return 'a status that is not declared';
	if (!headers['content-type']?.startsWith('application/json')) return 'no JSON';
	if (status < 400) return undefined;
	const { error } = JSON.parse(body) as { error?: { reason?: string; message?: string; requestId?: string } };
	return error?.reason && error.message && error.requestId ? undefined : 'an error without its words';
}

test('whatever is sent to the REST API, every answer is one that its document declares', async ({ serve }) => {
	test.setTimeout(240_000);
	const server = await serve({ RATE_LIMIT_FACTOR: '0', LOG_LEVEL: 'error' });
	const program = await newProgram(server);
	const document = JSON.parse((await send('/api/openapi.json', {}, server.origin)).body) as {
		paths: Record<string, Record<string, Operation>>;
	};
	const all = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation }))
	);
	expect(all.length).toBeGreaterThan(15);
	const statuses = new Set<number>();
	// What may move the organisation comes last: nothing is found at its old address.
	const moves = ({ operation }: (typeof all)[number]) => Number(operation.operationId === 'orgs.update');
	for (const { path, method, operation } of all.sort((a, b) => moves(a) - moves(b))) {
		const holds = fc.asyncProperty(partsOf(operation, program), async (parts) => {
			const { address, question } = write(method, path, parts);
			const answer = await send(address, question, server.origin);
			statuses.add(answer.status);
			expect(wrong(answer, operation), `${answer.status} ${answer.body.slice(0, 300)}`).toBeUndefined();
		});
		await fc.assert(holds, { numRuns: 60, examples: shownOf(operation, program) });
	}
	expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404]));
	expect(server.output()).not.toContain('failed');
});
