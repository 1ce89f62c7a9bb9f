import { sql, type RawBuilder } from 'kysely';
import type { Person } from './queries.ts';

type Theirs = (person: Person) => RawBuilder<boolean>;

/** What becomes of a table's rows when a person is erased. */
type Erasing =
	| { erase: 'delete'; theirs: Theirs }
	| { erase: 'anonymise'; theirs: Theirs; set: RawBuilder<unknown> }
	/** What nobody may drop; the insert-only log of this name is left without what tells of the person beyond an id. */
	| { erase: 'keep'; theirs?: Theirs; why: string; log?: string }
	| { erase: 'none'; theirs?: undefined; why: string };

/** What a table holds of people; `theirs` finds the rows of one in the table as `t`. */
export type Rule = Erasing & {
	/** The columns that tell of a person, lead to one, or look as if they did. */
	holds: string[];
	/** What a person gets of their rows, as SQL after `select`; no hash of a secret. */
	exported?: string;
	/** What tells of them in the rows of others. */
	elsewhere?: { theirs: Theirs; set: RawBuilder<unknown> };
};

export const owned: Theirs = ({ id }) => sql`t.user_id = ${id}`;
export const acted: Theirs = ({ id }) => sql`t.actor_id = ${id}`;

/** An address counts as theirs until they gave it up: whoever had it since is somebody else. */
export const addressedIn =
	(address: RawBuilder<unknown>): Theirs =>
	({ emails, untils }) => sql`
		${address} = any(${emails}::text[]) and exists (
			select from unnest(${emails}::text[], ${untils}::timestamptz[]) as had (email, until)
			where had.email = ${address} and t.created_at <= had.until
		)`;

/** The same of a column. */
export const addressed = (column: string) => addressedIn(sql`t.${sql.ref(column)}`);

/** What an organisation holds, and takes along when it goes. */
export const ofOrg = (...holds: string[]): Rule => ({
	erase: 'none',
	why: 'It is the organisation’s own, and goes with it.',
	holds
});

export const ORGANIZATION = '(select name from org where org.id = t.org_id) as organization';
