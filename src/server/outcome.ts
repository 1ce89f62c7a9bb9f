import { z } from 'zod';
import { AppError, type FieldErrors, type Reason } from './errors.ts';
import { log } from './log.ts';

/** What tRPC itself refuses, in our words. */
const REFUSALS: Partial<Record<string, [Reason, string]>> = {
	PARSE_ERROR: ['invalid', 'The request is not valid JSON.'],
	BAD_REQUEST: ['invalid', 'The request could not be read. A batch holds at most 10 calls.'],
	NOT_FOUND: ['not_found', 'There is no such procedure.'],
	METHOD_NOT_SUPPORTED: ['method_not_allowed', 'Queries are called by GET, mutations by POST.']
};

/** What an error says to the outside; null for a bug, whose words stay in the log. */
export function outcome(
	error: Error & { code?: string }
): { reason: Reason; message: string; fields: FieldErrors | null } | null {
	if (error instanceof AppError) return error;
	if (error.cause instanceof z.ZodError) {
		const { fieldErrors }: { fieldErrors: FieldErrors } = z.flattenError(error.cause);
		return { reason: 'invalid', message: 'Please check what you entered.', fields: fieldErrors };
	}
	const [reason, message] = REFUSALS[error.code ?? ''] ?? [];
	return reason && message ? { reason, message, fields: null } : null;
}

/** The database is away: told as such, and never as "signed out". */
export function unavailable(cause: unknown): AppError {
	log.error({ err: cause }, 'database away');
	return new AppError('unavailable', 'The service is not available right now. Please try again in a moment.');
}
