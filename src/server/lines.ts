import { AppError } from './errors.ts';
import { log } from './log.ts';

/** Ends work that nobody waits for any more. */
class Gone extends Error {}

/** Tells the reader one line; throws when they are gone. */
type Say = (line: object) => void;

/**
 * An answer that is sent line by line, as JSON, while the work goes on; the last line is what the work ends with. What
 * fails before the first line is thrown; what fails later is a last line with a `message`, which is `failure` for a bug,
 * and its reason is left in `locals` for whoever notes what became of the call.
 */
export async function inLines(
	work: (say: Say, gone: AbortSignal) => Promise<object>,
	failure: string,
	locals: { reason?: string }
): Promise<Response> {
	const begun = Promise.withResolvers<void>();
	const gone = new AbortController();
	const body = new ReadableStream<Uint8Array>({
		start(stream) {
			const say = (line: object) => {
				if (gone.signal.aborted) throw new Gone();
				stream.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
				begun.resolve();
			};
			const fail = (error: unknown) => {
				begun.reject(error);
				const isRefused = error instanceof AppError;
				if (error instanceof Gone) return log.info('whoever asked is gone');
				if (!isRefused) log.error({ err: error }, 'work failed');
				if (gone.signal.aborted) return;
				locals.reason = isRefused ? error.reason : 'error';
				say({ message: isRefused ? error.message : failure });
			};
			void work(say, gone.signal)
				.then(say)
				.catch(fail)
				.then(() => gone.signal.aborted || stream.close());
		},
		cancel: () => gone.abort()
	});
	await begun.promise;
	return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
}
