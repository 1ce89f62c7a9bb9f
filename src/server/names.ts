import { sql } from 'kysely';
import { displayName } from '#lib/format.ts';

/** What somebody is called by. */
export type Names = Parameters<typeof displayName>[0];

/** The same of a row of "user", where nothing beside it has columns of these names. */
export const names = sql<Names>`
	jsonb_build_object('email', email, 'username', username, 'firstName', first_name, 'lastName', last_name)`;

/** What somebody is called who may be gone. */
export const nameOf = (person: Names | null): string => (person ? displayName(person) : 'Deleted person');
