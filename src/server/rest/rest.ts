import { z } from 'zod';
import { ORG_ROLES } from '#lib/roles.ts';

/** How a procedure is called by programs of other languages, and what the reference says of it. */
export type Rest = {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Below `/api/v1`. What stands in braces is a field of the procedure's input; the others are in query or body. */
	path: string;
	/** The heading that it stands under. */
	tag: string;
	summary: string;
	description?: string;
	/** It makes something new, which the `id` of its answer names. */
	creates?: true;
	/** What it answers, as JSON. For the reference alone: a test holds the real answers against it. */
	answer: z.ZodType;
	example: { input?: Record<string, unknown>; answer: unknown };
};

export const id = z.uuid();
export const moment = z.iso.datetime();
export const role = z.enum(ORG_ROLES);

/** What every list answers. */
export const pageOf = (item: z.ZodType) =>
	z.strictObject({
		items: z.array(item),
		nextCursor: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last one.' }),
		total: z
			.int()
			.nullable()
			.meta({ description: 'How many there are, counted up to 10,000; null on all pages but the first.' })
	});

/** A page as an example. */
export const onlyPage = (...items: unknown[]) => ({ items, nextCursor: null, total: items.length });
