import { AppError } from './errors.ts';

/** Bytes that are still read, and dropped, of a body that is too long: an answer is heard once all is said. */
const PATIENCE = 16 * 1024 * 1024;

/**
 * The body of a request, which may hold so many bytes.
 * @throws {AppError} `too_large`
 */
export async function readBody({ headers, body }: Request, most: number): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let size = Number(headers.get('content-length'));
	if (size <= most) {
		size = 0;
		for await (const chunk of body ?? []) {
			size += chunk.byteLength;
			if (size <= most) chunks.push(chunk);
			else if (size > most + PATIENCE) break;
		}
	}
	if (size > most) throw new AppError('too_large', `A request may hold at most ${inWords(most)}.`);
	return Buffer.concat(chunks);
}

/**
 * The form of a request that may hold so many bytes, an empty one where it cannot be read.
 * @throws {AppError} `unsupported_media_type` when it is no form; `too_large`
 */
export async function readForm(request: Request, most: number): Promise<FormData> {
	const type = request.headers.get('content-type') ?? '';
	if (!/^multipart\/form-data\s*;/i.test(type)) {
		throw new AppError('unsupported_media_type', 'Send the file as multipart/form-data.');
	}
	const body = new Uint8Array(await readBody(request, most));
	return new Response(body, { headers: { 'Content-Type': type } }).formData().catch(() => new FormData());
}

const inWords = (bytes: number) =>
	bytes < 1024 * 1024 ? `${Math.floor(bytes / 1024)} kB` : `${Math.floor(bytes / 1024 / 1024)} MB`;

/**
 * Bytes as text.
 * @throws {AppError} `invalid` with `message`, when they are not UTF-8
 */
export function decode(bytes: Uint8Array, message: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new AppError('invalid', message);
	}
}

/** Whether a request ended before its body did: nobody is left to be told, and nothing here is at fault. */
export const isGone = (error: unknown, { signal }: Request): boolean =>
	signal.aborted && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
