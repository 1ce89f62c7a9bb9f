import { z } from 'zod';
import { AppError, type FieldErrors } from '../errors.ts';
import { line, uuid } from '../fields.ts';
import { instant } from '../pages.ts';
import type { EntryFilter } from './queries.ts';

/** What a log is filtered by. An action that nobody knows is none that happened: old ones may have left the code. */
export const filter = {
	action: line(60).optional(),
	actorId: uuid.optional(),
	from: instant.optional(),
	to: instant.optional()
};

/**
 * The same from an address, where an empty field is none.
 * @throws {AppError} `invalid`, saying what is wrong with which
 */
export function readFilter(params: URLSearchParams): EntryFilter {
	const given = Object.fromEntries([...params].filter(([, value]) => value !== ''));
	const { success, data, error } = z.object(filter).safeParse(given);
	if (success) return data;
	const { fieldErrors }: { fieldErrors: FieldErrors } = z.flattenError(error);
	const problems = Object.entries(fieldErrors).map(([name, messages]) => `${name}: ${messages.join(' ')}`);
	throw new AppError('invalid', `The filter is not usable: ${problems.join('; ')}`, fieldErrors);
}
