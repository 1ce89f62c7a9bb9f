import { TRPCError } from '@trpc/server';

const CODES = {
	unauthenticated: 'UNAUTHORIZED',
	invalid_credentials: 'UNAUTHORIZED',
	email_not_verified: 'FORBIDDEN',
	password_required: 'FORBIDDEN',
	forbidden: 'FORBIDDEN',
	feature_disabled: 'FORBIDDEN',
	csrf: 'FORBIDDEN',
	step_up_required: 'FORBIDDEN',
	suspended: 'FORBIDDEN',
	impersonating: 'FORBIDDEN',
	not_found: 'NOT_FOUND',
	method_not_allowed: 'METHOD_NOT_SUPPORTED',
	conflict: 'CONFLICT',
	quota_exceeded: 'PAYMENT_REQUIRED',
	rate_limited: 'TOO_MANY_REQUESTS',
	expired: 'PRECONDITION_FAILED',
	invalid: 'BAD_REQUEST',
	too_large: 'PAYLOAD_TOO_LARGE',
	unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
	overloaded: 'SERVICE_UNAVAILABLE',
	unavailable: 'SERVICE_UNAVAILABLE'
} as const satisfies Record<string, TRPCError['code']>;

export type Reason = keyof typeof CODES;
export const REASONS = Object.keys(CODES) as Reason[];
export type FieldErrors = Record<string, string[]>;

/** The reason that stands for a status where nothing more is known. */
const REASON_OF: Partial<Record<number, Reason>> = {
	400: 'invalid',
	401: 'unauthenticated',
	402: 'quota_exceeded',
	403: 'forbidden',
	404: 'not_found',
	405: 'method_not_allowed',
	409: 'conflict',
	413: 'too_large',
	415: 'unsupported_media_type',
	429: 'rate_limited',
	503: 'unavailable'
};

export const reasonOf = (status: number): Reason | undefined => REASON_OF[status];

/**
 * An outcome the user can act on. Its message is written for them and is, with what it says of single
 * fields, the only server text that ever reaches a browser; anything else thrown is a bug.
 */
export class AppError extends TRPCError {
	readonly reason: Reason;
	readonly fields: FieldErrors | null;
	/** Seconds after which the same call may succeed, where that is known. */
	readonly retryAfter: number | null;
	constructor(reason: Reason, message: string, fields: FieldErrors | null = null, retryAfter: number | null = null) {
		super({ code: CODES[reason], message });
		this.name = 'AppError';
		this.reason = reason;
		this.fields = fields;
		this.retryAfter = retryAfter;
	}
}

/** A refusal of one input field, as a form shows it. */
export const invalid = (field: string, message: string): AppError =>
	new AppError('invalid', message, { [field]: [message] });
