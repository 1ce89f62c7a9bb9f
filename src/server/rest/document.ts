import { BASE } from './door.ts';
import { error, errorResponses, errorsOf, HEADERS } from './errors.ts';
import { isLocated, operations, toJsonSchema, type Operation } from './operations.ts';

type Schemas = Record<string, unknown>;

/** The schema of an answer. What has a name of its own in it goes to `schemas`. */
function schemaOf(answer: Operation['answer'], schemas: Schemas): object {
	const text = JSON.stringify(toJsonSchema(answer, 'output')).replaceAll('#/$defs/', '#/components/schemas/');
	const { $defs = {}, ...schema } = JSON.parse(text) as { $defs?: Schemas };
	Object.assign(schemas, $defs);
	return schema;
}

const ORG = { description: 'The organization’s slug, as in the address of its pages.', example: 'acme' };
const ID = { description: 'An id, as lists answer it.' };

const inPath = ({ inPath }: Operation) =>
	inPath.map((name) => {
		const { description, ...more } = name === 'org' ? ORG : ID;
		const schema = { type: 'string', ...(name !== 'org' && { format: 'uuid' }) };
		return { name, in: 'path', required: true, description, schema, ...more };
	});

const inQuery = ({ fields, required, example }: Operation) =>
	Object.entries(fields).map(([name, { description, ...schema }]) => ({
		...{ name, in: 'query', required: required.includes(name) && schema.default === undefined, description, schema },
		...(example.input && name in example.input && { example: example.input[name] })
	}));

const bodyOf = ({ fields, required, example }: Operation) =>
	Object.keys(fields).length > 0 && {
		requestBody: {
			required: true,
			content: {
				'application/json': { schema: { type: 'object', properties: fields, required }, example: example.input ?? {} }
			}
		}
	};

const KEY = { key: [] };
const READING = { session: [] };
const CHANGING = { session: [], token: [] };

const LOCATION = { description: 'Where it is.', schema: { type: 'string' } };

function describe(operation: Operation, schemas: Schemas) {
	const { name, method, tag, summary, access, forKeys, description, creates, answer, example } = operation;
	const isRead = method === 'GET';
	const needs = access.includes('.') ? `Needs \`${access}\`.` : '';
	const people = forKeys ? '' : 'For people alone: no key may do this.';
	return {
		...{ operationId: name, tags: [tag], summary },
		description: [description, needs, people].filter(Boolean).join(' '),
		security: [...(forKeys ? [KEY] : []), isRead ? READING : CHANGING],
		parameters: [...inPath(operation), ...(isRead ? inQuery(operation) : [])],
		...(!isRead && bodyOf(operation)),
		responses: {
			[creates ? 201 : 200]: {
				description: creates ? 'Made.' : 'Done.',
				headers: { ...HEADERS, ...(isLocated(operation) && { Location: LOCATION }) },
				content: { 'application/json': { schema: schemaOf(answer, schemas), example: example.answer } }
			},
			...errorsOf(method)
		}
	};
}

/** What differs by deployment. */
type Deployment = { name: string; origin: string; cookie: string };

const introduce = ({ name }: Deployment) => `What the pages of ${name} do, for programs.

**Keys.** An admin of an organization makes a key on its page “API keys”. Send it as \`Authorization: Bearer gh_…\`, in no other place, and without cookies. It works in its own organization, within its role and its permissions.

**Lists** answer \`{ items, nextCursor, total }\`. Hand \`nextCursor\` back as \`cursor\` for the next page, with everything else as it was.

**Errors** answer \`{ error: { reason, message, fields, requestId } }\`: \`reason\` is for programs, \`message\` for people.

**Limits.** Calls are counted by the minute, for a key and for a person; \`X-RateLimit-Remaining\` tells a key with every answer how many are left. Whatever a key asks for counts, also what there is not. \`429\` says in \`Retry-After\` how many seconds to wait, and so does \`503\` where it is known.

**Use.** The page of a key tells by day what it called. A call is *refused* where it was turned away before its work began: by a limit, a quota or the plan (\`429\`, \`402\`, \`403\`), for who sent it (\`401\`, \`403\`), for how it came (\`405\`, \`413\`, \`415\`), or because there is no such address. All others passed, also those that their work answered with \`400\`, \`404\` or \`409\`.

**Sessions.** Pages of your own origin may call with the cookie of whoever is signed in; a change then carries the header \`X-CSRF-Token\`, which \`GET ${BASE}/me\` answers as \`csrfToken\`.`;

const securitySchemes = ({ cookie }: Deployment) => ({
	key: { type: 'http', scheme: 'bearer', bearerFormat: 'gh_…', description: 'An API key of an organization.' },
	session: { type: 'apiKey', in: 'cookie', name: cookie, description: 'Whoever is signed in in this browser.' },
	token: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: 'Proves that a page of ours asks.' }
});

const headers = {
	'X-Request-Id': { description: 'The number of the request.', schema: { type: 'string', format: 'uuid' } },
	'X-RateLimit-Limit': { description: 'Calls that the key may make in a minute.', schema: { type: 'integer' } },
	'X-RateLimit-Remaining': { description: 'How many of them are left.', schema: { type: 'integer' } },
	'X-RateLimit-Reset': { description: 'Seconds until the next minute of the key.', schema: { type: 'integer' } },
	'Retry-After': { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 1 } }
};

/** The REST API as an OpenAPI document, made of the procedures themselves. */
export function writeDocument(deployment: Deployment) {
	const schemas: Schemas = {};
	schemaOf(error, schemas);
	const paths: Record<string, Record<string, ReturnType<typeof describe>>> = {};
	for (const operation of operations) {
		const path = (paths[BASE + operation.path] ??= {});
		path[operation.method.toLowerCase()] = describe(operation, schemas);
	}
	return {
		openapi: '3.1.0',
		info: { title: `${deployment.name} API`, version: '1', description: introduce(deployment) },
		servers: [{ url: deployment.origin }],
		tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
		paths,
		components: { securitySchemes: securitySchemes(deployment), schemas, headers, responses: errorResponses }
	};
}
