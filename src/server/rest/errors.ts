import { z } from 'zod';
import { REASONS, type Reason } from '../errors.ts';

/** What every error answers. */
export const error = z
	.object({
		error: z.object({
			reason: z.enum(REASONS).nullable().meta({ description: 'For programs; null is a fault of ours.' }),
			message: z.string().meta({ description: 'For people: what is wrong, and what to do.' }),
			fields: z
				.record(z.string(), z.array(z.string()))
				.nullable()
				.meta({ description: 'What is wrong with single fields of the input.' }),
			requestId: z.string().meta({ description: 'The number of the request, for questions about it.' })
		})
	})
	.meta({ id: 'Error' });

type Told = { title: string; reason: Reason | null; message: string; when: string; fields?: Record<string, string[]> };

const CHECK = 'Please check what you entered.';

/** What a call may be refused with, by status. */
const ANY: Record<number, Told> = {
	400: {
		...{
			title: 'Invalid',
			reason: 'invalid',
			message: CHECK,
			fields: { limit: ['Too big: expected number to be <=100'] }
		},
		when: 'The request cannot be read, or a field of it is not what it should be.'
	},
	401: {
		...{ title: 'Unauthenticated', reason: 'unauthenticated', message: 'Please sign in.' },
		when: 'There is no key, or none that is good: unknown, expired or revoked.'
	},
	402: {
		...{ title: 'QuotaExceeded', reason: 'quota_exceeded', message: 'The 10,000 API calls of this month are used up.' },
		when: 'A quota of the plan, or of the key, is used up. The message says what lifts it.'
	},
	403: {
		...{ title: 'Forbidden', reason: 'forbidden', message: 'Your role does not allow this.' },
		when: 'Role, key or plan do not allow this.'
	},
	404: {
		...{ title: 'NotFound', reason: 'not_found', message: 'Organization not found.' },
		when: 'There is no such thing, or it is another organization’s.'
	},
	414: {
		...{ title: 'LongAddress', reason: 'too_large', message: 'This address is too long.' },
		when: 'The address has more than 8,000 characters.'
	},
	429: {
		...{
			title: 'RateLimited',
			reason: 'rate_limited',
			message: 'Too many requests. Please wait a moment, then try again.'
		},
		when: 'Too many calls in a minute. `Retry-After` says how many seconds to wait.'
	},
	431: {
		...{ title: 'LongHeaders', reason: 'too_large', message: 'The headers of the request are too long.' },
		when: 'The headers have more than 16 kB.'
	},
	500: {
		...{ title: 'Fault', reason: null, message: 'Something went wrong.' },
		when: 'A fault of ours. The number of the request helps us to find it.'
	},
	503: {
		...{ title: 'Unavailable', reason: 'unavailable', message: 'The service is not available right now.' },
		when: 'Something that the call needs is away. Trying again later is safe.'
	}
};

/** What changes may be refused with beside that. */
const CHANGES: Record<number, Told> = {
	409: {
		...{ title: 'Conflict', reason: 'conflict', message: 'There is a customer with this address already.' },
		...{ fields: { email: ['There is a customer with this address already.'] } },
		when: 'It does not go with what is there already.'
	},
	413: {
		...{ title: 'TooLarge', reason: 'too_large', message: 'A request may hold at most 64 kB.' },
		when: 'The body has more than 64 kB.'
	},
	415: {
		...{ title: 'NoJson', reason: 'unsupported_media_type', message: 'Send the request as application/json.' },
		when: 'The body is not JSON.'
	}
};

const statuses = (told: Record<number, Told>) =>
	Object.fromEntries(
		Object.entries(told).map(([status, { title }]) => [status, { $ref: `#/components/responses/${title}` }])
	);

/** The errors that an operation answers, by status. */
export const errorsOf = (method: string) => ({ ...statuses(ANY), ...(method !== 'GET' && statuses(CHANGES)) });

/** What every answer carries; of the limits, those to a key. */
export const HEADERS = Object.fromEntries(
	['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'].map((name) => [
		name,
		{ $ref: `#/components/headers/${name}` }
	])
);

const WAITS = new Set<Reason | null>(['rate_limited', 'unavailable']);

const CHALLENGE = { description: 'How to say who one is.', schema: { type: 'string', example: 'Bearer' } };

/** All of them, as components of the document. */
export const errorResponses = Object.fromEntries(
	Object.values({ ...ANY, ...CHANGES }).map(({ title, reason, message, when, fields = null }) => [
		title,
		{
			description: when,
			headers: {
				...HEADERS,
				...(reason === 'unauthenticated' && { 'WWW-Authenticate': CHALLENGE }),
				...(WAITS.has(reason) && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } })
			},
			content: {
				'application/json': {
					schema: { $ref: '#/components/schemas/Error' },
					example: { error: { reason, message, fields, requestId: '6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968' } }
				}
			}
		}
	])
);
