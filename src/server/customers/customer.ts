import { z } from 'zod';
import { email, line, paragraphs } from '../fields.ts';

/** What somebody enters of a customer, in a form or in a file; an empty phone number or note is none. */
export const customer = z.object({
	name: line(200).refine((value) => value.length > 0, 'Enter a name.'),
	email,
	phone: line(50)
		.nullable()
		.transform((value) => value || null),
	notes: paragraphs(10_000)
		.nullable()
		.transform((value) => value || null)
});
