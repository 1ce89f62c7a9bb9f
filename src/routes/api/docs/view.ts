import { fieldsOf, parameterOf, type Field, type Schema, type Schemas } from './schema.ts';

type Content = { 'application/json': { schema: Schema; example: unknown } };

type Described = {
	operationId: string;
	tags: string[];
	summary: string;
	description: string;
	security: Record<string, unknown>[];
	parameters: {
		name: string;
		in: 'path' | 'query';
		required: boolean;
		description?: string;
		schema: Schema;
		example?: string | number;
	}[];
	requestBody?: { content: Content };
	responses: Record<string, { $ref: string } | { content: Content }>;
};

type Refusal = {
	description: string;
	content: { 'application/json': { example: { error: { reason: string | null } } } };
};

/** An OpenAPI document, as far as the page reads it. */
export type Document = {
	info: { title: string; description: string };
	servers: { url: string }[];
	tags: { name: string }[];
	paths: Record<string, Record<string, Described>>;
	components: { schemas: Schemas; responses: Record<string, Refusal> };
};

export type Parameter = Field & { in: 'path' | 'query'; example: string };

export type Operation = {
	id: string;
	tag: string;
	method: string;
	path: string;
	summary: string;
	description: string;
	forKeys: boolean;
	parameters: Parameter[];
	/** The fields of its body, and an example as text; nothing where it takes none. */
	body: { fields: Field[]; example: string } | null;
	answer: { status: string; fields: Field[]; example: string };
	errors: string[];
};

/** Of an answer nobody asks what they must give. */
const asTold = (field: Field): Field => ({ ...field, isRequired: false });

const inJson = (value: unknown) => JSON.stringify(value, null, 2);

function bodyOf({ requestBody }: Described, schemas: Schemas) {
	if (!requestBody) return null;
	const { schema, example } = requestBody.content['application/json'];
	return { fields: fieldsOf(schema, schemas), example: inJson(example) };
}

function viewOf(path: string, method: string, operation: Described, schemas: Schemas): Operation {
	const { operationId, tags, summary, description, security, parameters, responses } = operation;
	const [[status, answered]] = Object.entries(responses) as [[string, { content: Content }]];
	const { schema, example } = answered.content['application/json'];
	return {
		...{ id: operationId, tag: tags[0] ?? '', method: method.toUpperCase(), path, summary, description },
		forKeys: security.some((way) => 'key' in way),
		parameters: parameters.map(({ name, in: where, required, description, schema, example }) => ({
			...parameterOf(name, required, schema, description),
			...{ in: where, example: example === undefined ? '' : String(example) }
		})),
		body: bodyOf(operation, schemas),
		answer: { status, fields: fieldsOf(schema, schemas).map(asTold), example: inJson(example) },
		errors: Object.keys(responses).filter((code) => code !== status)
	};
}

/** What the page shows of a document. */
export function readDocument({ info, servers, tags, paths, components: { schemas, responses } }: Document) {
	const operations = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => viewOf(path, method, operation, schemas))
	);
	const groups = tags.map(({ name }) => ({
		id: name.toLowerCase().replaceAll(' ', '-'),
		name,
		operations: operations.filter(({ tag }) => tag === name)
	}));
	const [described] = Object.values(paths)
		.flatMap((methods) => Object.values(methods))
		.filter(({ requestBody }) => requestBody);
	const errors = Object.entries(described?.responses ?? {}).flatMap(([status, response]) => {
		if (!('$ref' in response)) return [];
		const { description, content } = responses[response.$ref.slice(response.$ref.lastIndexOf('/') + 1)]!;
		return [{ status, reason: content['application/json'].example.error.reason, description }];
	});
	return { title: info.title, introduction: info.description, origin: servers[0]!.url, groups, errors };
}
