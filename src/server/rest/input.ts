import { decode, readBody } from '../body.ts';
import { AppError } from '../errors.ts';
import type { Field, Operation } from './operations.ts';

/** Bytes of a request's body; no input of ours comes near. */
const BODY_LIMIT = 64 * 1024;

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A text as the type that its field has; what it cannot be stays a text, which the procedure then refuses. */
function typed(text: string, { type }: Field): unknown {
	if (type === 'integer' || type === 'number') return NUMBER.test(text) ? Number(text) : text;
	return type === 'boolean' && ['true', 'false'].includes(text) ? text === 'true' : text;
}

/** The fields of a query; one that is given twice is a list. */
function readQuery(params: URLSearchParams, { fields }: Operation): [string, unknown][] {
	return Object.entries(fields).flatMap(([name, field]) => {
		const values = params.getAll(name).map((text) => typed(text, field));
		if (values.length === 0) return [];
		return [[name, values.length === 1 && field.type !== 'array' ? values[0] : values] as [string, unknown]];
	});
}

/**
 * The JSON object of a body.
 * @throws {AppError} `unsupported_media_type`, `too_large`, `invalid`
 */
async function readObject(request: Request): Promise<object> {
	if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
		throw new AppError('unsupported_media_type', 'Send the request as application/json.');
	}
	const text = decode(await readBody(request, BODY_LIMIT), 'The request is not valid UTF-8.');
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AppError('invalid', 'The request is not valid JSON.');
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	throw new AppError('invalid', 'Send a JSON object.');
}

/**
 * The input of a procedure, from wherever its fields stand; what its path says counts most.
 * @throws {AppError} `unsupported_media_type`, `too_large`, `invalid`
 */
export async function readInput(
	{ request, url }: { request: Request; url: URL },
	operation: Operation,
	inPath: Record<string, string>
): Promise<Record<string, unknown>> {
	if (operation.method === 'GET') return { ...Object.fromEntries(readQuery(url.searchParams, operation)), ...inPath };
	const takesBody = Object.keys(operation.fields).length > 0;
	return takesBody || request.body ? { ...(await readObject(request)), ...inPath } : inPath;
}
