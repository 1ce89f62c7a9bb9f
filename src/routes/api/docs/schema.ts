/** The part of JSON Schema that the document speaks. */
export type Schema = {
	$ref?: string;
	type?: string | string[];
	format?: string;
	description?: string;
	default?: unknown;
	const?: unknown;
	enum?: unknown[];
	minimum?: number;
	maximum?: number;
	maxLength?: number;
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	anyOf?: Schema[];
};

export type Schemas = Record<string, Schema>;

/** A field as the page lists it; one within another is named by the way there: `items[].email`. */
export type Field = { name: string; type: string; isRequired: boolean; notes: string };

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);

/** What a schema stands for. */
const resolve = (schema: Schema, schemas: Schemas): Schema =>
	schema.$ref ? resolve(schemas[nameOf(schema.$ref)] ?? {}, schemas) : schema;

/** "string", "uuid", "“asc” or “desc”", "integer or null", "Customer[]". */
export function typeOf(schema: Schema): string {
	if (schema.$ref) return nameOf(schema.$ref);
	if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
	if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (schema.items) return `${typeOf(schema.items)}[]`;
	return [schema.type ?? 'anything']
		.flat()
		.map((type) => (type === 'string' && schema.format) || type)
		.join(' or ');
}

/** What else holds of a field. */
function notesOf({ description, minimum, maximum, maxLength, default: fallback }: Schema): string {
	const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
	return [
		description,
		isBounded && `From ${minimum} to ${maximum}.`,
		maxLength !== undefined && `At most ${maxLength} characters.`,
		fallback !== undefined && fallback !== '' && `\`${JSON.stringify(fallback)}\` where it is left out.`
	]
		.filter(Boolean)
		.join(' ');
}

/** The one of a schema's kinds that has fields of its own. */
const withFields = (schema: Schema, schemas: Schemas): Schema[] =>
	(schema.anyOf ?? [schema]).map((kind) => resolve(kind, schemas));

/** The fields of an object, or of the objects in a list, and theirs. */
export function fieldsOf(schema: Schema, schemas: Schemas, path = ''): Field[] {
	return withFields(schema, schemas).flatMap(({ items, properties = {}, required = [] }) => {
		if (items) return fieldsOf(items, schemas, `${path}[]`);
		return Object.entries(properties).flatMap(([key, field]) => {
			const name = path ? `${path}.${key}` : key;
			const isRequired = required.includes(key) && field.default === undefined;
			return [{ name, type: typeOf(field), isRequired, notes: notesOf(field) }, ...fieldsOf(field, schemas, name)];
		});
	});
}

/** A parameter of an address. */
export const parameterOf = (name: string, isRequired: boolean, schema: Schema, description = ''): Field => ({
	...{ name, type: typeOf(schema), isRequired },
	notes: [description, notesOf(schema)].filter(Boolean).join(' ')
});
