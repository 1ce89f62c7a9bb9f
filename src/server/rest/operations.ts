import { z } from 'zod';
import { KEY_PERMISSIONS } from '#lib/roles.ts';
import { appRouter } from '../router.ts';
import type { Access, Meta } from '../trpc.ts';
import type { Rest } from './rest.ts';

/** The part of JSON Schema that a field of an input is told in. */
export type Field = { type?: string | string[]; description?: string; default?: unknown };

/** A procedure as the REST API calls it. */
export type Operation = Rest & {
	/** The procedure, which names the operation, too. */
	name: string;
	access: Access;
	/** Whether a key may call it, given the permission; else it is for people alone. */
	forKeys: boolean;
	/** The names in its path. */
	inPath: string[];
	/** All other fields of its input: in the query of a GET, in the body of a change. */
	fields: Record<string, Field>;
	required: string[];
};

type Mounted = { _def: { meta?: Meta; inputs: z.ZodType[] } };

/** A schema as a reader of the document needs it: without what its format, or the nature of numbers, says already. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output') {
	const json = z.toJSONSchema(schema, {
		io,
		unrepresentable: 'any',
		override: ({ jsonSchema }) => {
			if (jsonSchema.format) delete jsonSchema.pattern;
			if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
			// A later version may say more.
			delete jsonSchema.additionalProperties;
		}
	});
	delete json.$schema;
	return json;
}

/** The fields of an input that is made of several objects. */
function fieldsOf(inputs: z.ZodType[], inPath: string[]) {
	const objects = inputs.map((input) => toJsonSchema(input, 'input'));
	const all = Object.assign({}, ...objects.map(({ properties }) => properties)) as Record<string, Field>;
	const isElsewhere = (field: string) => !inPath.includes(field);
	return {
		fields: Object.fromEntries(Object.entries(all).filter(([field]) => isElsewhere(field))),
		required: objects.flatMap(({ required = [] }) => required).filter(isElsewhere)
	};
}

const METHODS: Rest['method'][] = ['GET', 'POST', 'PATCH', 'DELETE'];

const inOrder = (one: Operation, other: Operation) =>
	one.path.localeCompare(other.path) || METHODS.indexOf(one.method) - METHODS.indexOf(other.method);

/** Every procedure that has a name in the REST API. */
export const operations: Operation[] = Object.entries(appRouter._def.procedures as unknown as Record<string, Mounted>)
	.flatMap(([name, { _def }]) => {
		const { rest, access, people = false } = _def.meta ?? {};
		if (!rest || !access) return [];
		const inPath = [...rest.path.matchAll(/{(\w+)}/g)].map(([, field]) => field!);
		const forKeys = !people && (access === 'user' || KEY_PERMISSIONS.some((permission) => permission === access));
		return [{ ...rest, name, access, forKeys, inPath, ...fieldsOf(_def.inputs, inPath) }];
	})
	.sort(inOrder);

/** Whether what an operation makes can be looked at below its path: its answer then says where. */
export const isLocated = ({ creates, path }: Operation): boolean =>
	creates === true && operations.some((other) => other.method === 'GET' && other.path === `${path}/{id}`);

/** What the segments of an address are in a path: the fields in its braces; nothing when it is another one. */
function match({ path }: Operation, segments: string[]): Record<string, string> | undefined {
	const expected = path.split('/').slice(1);
	if (expected.length !== segments.length) return undefined;
	const fields: Record<string, string> = {};
	for (const [index, part] of expected.entries()) {
		const [, field] = /^{(\w+)}$/.exec(part) ?? [];
		if (field) fields[field] = segments[index]!;
		else if (part !== segments[index]) return undefined;
	}
	return fields;
}

/** The operations of an address, with the fields that stand in it. */
export const findOperations = (segments: string[]) =>
	operations.flatMap((operation) => {
		const fields = match(operation, segments);
		return fields ? [{ operation, fields }] : [];
	});
